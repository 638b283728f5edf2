INSERT INTO customer VALUES (1, 'Ann');
INSERT INTO rental VALUES (1, 1);
