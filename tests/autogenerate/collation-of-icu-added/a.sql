CREATE TABLE person (person_id integer PRIMARY KEY, name text, city text COLLATE "C");
CREATE INDEX person_name_idx ON person (name);
CREATE VIEW sorted AS SELECT name FROM person ORDER BY name;
