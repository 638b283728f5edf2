INSERT INTO film VALUES (1, 'Alien', 1979);
