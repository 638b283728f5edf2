INSERT INTO studio VALUES (1, 'Ealing');
INSERT INTO film VALUES (1, 'Alien', 1, 1979), (2, 'Brazil', NULL, 1985);
