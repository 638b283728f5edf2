INSERT INTO category VALUES (1, NULL, 'All'), (2, 1, 'Some');
