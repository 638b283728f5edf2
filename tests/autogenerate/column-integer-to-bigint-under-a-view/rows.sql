INSERT INTO payment VALUES (1, 500, 'one'), (2, 20000, NULL);
