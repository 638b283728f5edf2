INSERT INTO t VALUES (1, '{1,2}', '{a,b}', '{2024-01-01}', 'x', '2024-01-01', '12:00', '10.0.0.1'), (2, NULL, NULL, NULL, NULL, NULL, NULL, NULL);
