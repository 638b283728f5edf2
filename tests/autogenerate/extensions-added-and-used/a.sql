CREATE TABLE person (person_id integer PRIMARY KEY, email text, name text);
