INSERT INTO item (item_id, price, quantity) VALUES (1, 1.50, 3), (2, 10, 1);
