INSERT INTO customer VALUES (1, 'a@example.org', 11), (2, 'b@example.org', 12);
INSERT INTO invoice VALUES (1, 1);
INSERT INTO letter VALUES (1, 2);
