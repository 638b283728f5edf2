INSERT INTO film VALUES (1, 'Alien', 'R', 5), (2, 'Brazil', NULL, NULL);
