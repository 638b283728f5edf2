INSERT INTO project VALUES (1, 'One');
INSERT INTO task VALUES (1, 1, 'x'), (2, 1, NULL);
