CREATE TABLE film (film_id integer PRIMARY KEY, title text, year smallint);
CREATE FUNCTION latest() RETURNS SETOF film LANGUAGE sql STABLE AS $$ SELECT * FROM film ORDER BY film_id DESC LIMIT 1 $$;
CREATE FUNCTION shout(film) RETURNS text LANGUAGE sql AS $$ SELECT upper($1.title) || $1.year $$;
