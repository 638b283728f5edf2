INSERT INTO doc VALUES (1, 'one', '{a,b}', '{"k": 1}', '2024-01-01'), (2, NULL, NULL, NULL, NULL);
