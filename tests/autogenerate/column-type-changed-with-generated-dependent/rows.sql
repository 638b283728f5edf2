INSERT INTO item (item_id, price) VALUES (1, 5), (2, 50);
