CREATE FUNCTION full_name(first text, last text) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT first || ' ' || last $$;
CREATE TABLE person (person_id integer PRIMARY KEY, first text, last text, name text GENERATED ALWAYS AS (full_name(first, last)) STORED);
CREATE INDEX person_name_idx ON person (name);
CREATE VIEW person_name AS SELECT person_id, name FROM person;
