INSERT INTO customer (name, city) VALUES ('Ann', 'Bern'), ('Bob', NULL);
