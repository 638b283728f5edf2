INSERT INTO film_actor VALUES (1, 1, 'Ripley'), (1, 2, 'Ash');
INSERT INTO setting VALUES ('colour', 'user'), ('size', 'user');
