INSERT INTO film VALUES (1), (2);
INSERT INTO actor VALUES (1);
INSERT INTO film_actor VALUES (1, 1), (2, 1);
