CREATE TABLE measurement (id integer NOT NULL, at date NOT NULL);
