INSERT INTO film VALUES (1, 'Alien', 117), (2, 'Brazil', NULL);
