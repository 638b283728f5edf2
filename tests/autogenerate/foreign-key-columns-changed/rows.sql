INSERT INTO store VALUES (1, 1, 'S1'), (1, 2, 'S2');
INSERT INTO staff VALUES (1, 1, 1, 'S1'), (2, NULL, NULL, NULL);
