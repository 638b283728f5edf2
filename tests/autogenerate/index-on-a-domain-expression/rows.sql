INSERT INTO tag VALUES (1, 'New'), (2, 'old');
