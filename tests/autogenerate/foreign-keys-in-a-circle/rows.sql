INSERT INTO department VALUES (1, 'Sales'), (2, 'Stock');
