INSERT INTO log (log_id, at, line) VALUES (1, '2024-01-05', 'x');
