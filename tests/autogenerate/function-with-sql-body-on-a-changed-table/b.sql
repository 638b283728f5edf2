CREATE TABLE film (film_id integer PRIMARY KEY, title text, length bigint, year integer);
CREATE FUNCTION film_count() RETURNS bigint LANGUAGE sql STABLE RETURN (SELECT count(*) FROM film);
CREATE FUNCTION long_films(at_least integer DEFAULT 120) RETURNS SETOF film LANGUAGE sql STABLE BEGIN ATOMIC SELECT * FROM film WHERE length >= at_least; END;
CREATE FUNCTION longest() RETURNS bigint LANGUAGE sql STABLE BEGIN ATOMIC SELECT max(length) FROM long_films(); END;
