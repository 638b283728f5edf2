INSERT INTO film VALUES (1, 5, DEFAULT), (2, 1, 'good');
