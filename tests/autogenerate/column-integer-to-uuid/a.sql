CREATE TABLE person (name text NOT NULL, person_id integer PRIMARY KEY);
