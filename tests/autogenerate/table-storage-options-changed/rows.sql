INSERT INTO event VALUES (1, 'one', '{}'), (2, NULL, NULL);
INSERT INTO log VALUES (1, 'x', '2024-01-01');
