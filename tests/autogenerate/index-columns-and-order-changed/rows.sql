INSERT INTO film VALUES (1, 'Alien', 1979, 1, NULL), (2, 'Brazil', NULL, 2, '2024-01-01');
