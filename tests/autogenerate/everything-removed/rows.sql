INSERT INTO app.t (kinds) VALUES ('{a}'), (NULL);
