INSERT INTO task VALUES (1, 'draft');
