INSERT INTO person VALUES (1, 'sad', '{sad,happy}'), (2, DEFAULT, NULL);
