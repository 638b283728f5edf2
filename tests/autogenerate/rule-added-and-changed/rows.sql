INSERT INTO film VALUES (1, 'Alien');
INSERT INTO film_log VALUES (1);
