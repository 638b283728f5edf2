INSERT INTO a (t) VALUES ('one');
INSERT INTO b (t) VALUES ('one');
INSERT INTO c (t) VALUES ('one');
INSERT INTO d VALUES (7, 'one');
