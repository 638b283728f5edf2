INSERT INTO doc VALUES (1, '{"a": 1}', '{a,b}', '{1,2}', 'x', '10.0.0.1', '<a/>'), (2, '[]', NULL, NULL, NULL, NULL, NULL);
