CREATE SCHEMA old;
CREATE TABLE film (film_id integer PRIMARY KEY, title text);
CREATE VIEW old.titles AS SELECT title FROM film;
CREATE FUNCTION old.f() RETURNS SETOF old.titles LANGUAGE sql AS $$ SELECT * FROM old.titles $$;
CREATE SEQUENCE old.s;
COMMENT ON SCHEMA old IS 'Old';
