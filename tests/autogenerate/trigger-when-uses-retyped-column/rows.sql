INSERT INTO film VALUES (1, 117, 'Alien'), (2, NULL, NULL);
