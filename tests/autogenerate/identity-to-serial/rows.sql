INSERT INTO film (title) VALUES ('Alien'), ('Brazil');
