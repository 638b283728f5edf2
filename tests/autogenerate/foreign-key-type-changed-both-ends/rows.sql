INSERT INTO customer VALUES (1, NULL), (2, 1);
INSERT INTO rental VALUES (1, 1), (2, 2);
INSERT INTO payment VALUES (1, 1, 1), (2, NULL, 2);
