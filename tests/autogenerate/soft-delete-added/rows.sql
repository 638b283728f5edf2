INSERT INTO account (email) VALUES ('a@example.org'), ('b@example.org');
INSERT INTO post (account_id, body) VALUES (1, 'x'), (1, 'y');
