INSERT INTO place VALUES (1, 'Top', '(1,2,3)');
