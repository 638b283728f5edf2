INSERT INTO film VALUES (1, 'Alien', 'In space'), (2, 'Brazil', NULL);
