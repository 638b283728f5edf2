INSERT INTO film (title) VALUES ('Alien'), ('Brazil');
INSERT INTO copy VALUES (1, 1), (2, 1);
