INSERT INTO film VALUES ('Alien'), ('Brazil');
