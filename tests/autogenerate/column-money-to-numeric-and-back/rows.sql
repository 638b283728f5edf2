INSERT INTO bill (bill_id, at, length) VALUES (1, 5, '2 days'), (2, NULL, NULL);
