INSERT INTO film VALUES (1, 'alien', 1979), (2, 'brazil', NULL);
