INSERT INTO customer VALUES (1, 'a@example.org', '1', 1), (2, 'b@example.org', NULL, 2);
