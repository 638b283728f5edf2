INSERT INTO film VALUES (1, 'Alien');
INSERT INTO old_price VALUES (1, 4.5);
