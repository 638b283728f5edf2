INSERT INTO thing VALUES (1, 'a');
INSERT INTO party VALUES (2, 'b', '2024-01-01', 'Bern', 5);
