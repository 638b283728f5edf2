CREATE SCHEMA new;
CREATE TABLE film (film_id integer PRIMARY KEY, title text);
CREATE VIEW new.titles AS SELECT title FROM film;
CREATE FUNCTION new.f() RETURNS SETOF new.titles LANGUAGE sql AS $$ SELECT * FROM new.titles $$;
CREATE SEQUENCE new.s;
COMMENT ON SCHEMA new IS 'New';
