INSERT INTO address VALUES (1, 'Bern', '3000', 'CH');
