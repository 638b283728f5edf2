INSERT INTO author VALUES (1, 'Ann');
INSERT INTO book VALUES (1, 'One', 1), (2, 'Two', NULL);
