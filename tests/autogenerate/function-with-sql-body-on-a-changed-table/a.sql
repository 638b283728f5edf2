CREATE TABLE film (film_id integer PRIMARY KEY, title text, length integer);
CREATE FUNCTION film_count() RETURNS bigint LANGUAGE sql STABLE BEGIN ATOMIC SELECT count(*) FROM film; END;
CREATE FUNCTION long_films(at_least integer DEFAULT 120) RETURNS SETOF film LANGUAGE sql STABLE BEGIN ATOMIC SELECT * FROM film WHERE length >= at_least; END;
