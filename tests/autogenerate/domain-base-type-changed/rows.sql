INSERT INTO item VALUES (1, 'A', '{A,B}'), (2, NULL, NULL);
