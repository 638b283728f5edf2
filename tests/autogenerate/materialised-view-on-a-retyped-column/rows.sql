INSERT INTO sale VALUES (1, 5.5), (2, 4);
