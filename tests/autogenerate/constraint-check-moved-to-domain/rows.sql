INSERT INTO person VALUES (1, 'a@example.org');
INSERT INTO invite VALUES (1, NULL);
