INSERT INTO rate (rate_id, factor, code, at) VALUES (1, 0.5, 'EUR', '12:30'), (2, NULL, NULL, NULL);
