INSERT INTO film VALUES (1, 'Alien'), (2, 'Brazil');
