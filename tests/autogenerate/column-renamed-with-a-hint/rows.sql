INSERT INTO film VALUES (1, 'Alien', 1979), (2, 'Brazil', NULL);
