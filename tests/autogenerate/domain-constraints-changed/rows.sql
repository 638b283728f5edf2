INSERT INTO person VALUES (1, 'a@example.org', 2), (2, NULL, 1);
