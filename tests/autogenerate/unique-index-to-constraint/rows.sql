INSERT INTO film VALUES (1, 'alien', 'A'), (2, 'brazil', NULL);
