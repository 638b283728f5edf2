CREATE TABLE film (film_id integer PRIMARY KEY, title text);
CREATE FUNCTION latest() RETURNS film LANGUAGE sql STABLE AS $$ SELECT * FROM film ORDER BY film_id DESC LIMIT 1 $$;
CREATE FUNCTION shout(film) RETURNS text LANGUAGE sql AS $$ SELECT upper($1.title) $$;
