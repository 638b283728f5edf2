INSERT INTO film (title) VALUES ('Alien'), ('Brazil');
INSERT INTO actor (name) VALUES ('Weaver'), ('Pryce');
