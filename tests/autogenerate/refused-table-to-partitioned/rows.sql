INSERT INTO measurement VALUES (1, '2024-05-01');
