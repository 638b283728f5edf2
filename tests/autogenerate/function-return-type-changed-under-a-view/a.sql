CREATE TABLE film (film_id integer PRIMARY KEY, title text);
CREATE FUNCTION films(q text) RETURNS TABLE (film_id integer, title text) LANGUAGE sql STABLE AS $$ SELECT f.film_id, f.title FROM film f WHERE f.title LIKE q $$;
CREATE FUNCTION price() RETURNS integer LANGUAGE sql AS $$ SELECT 5 $$;
CREATE VIEW found AS SELECT film_id, price() AS price FROM films('A%');
GRANT EXECUTE ON FUNCTION films(text) TO pair_reader;
REVOKE ALL ON FUNCTION films(text) FROM PUBLIC;
