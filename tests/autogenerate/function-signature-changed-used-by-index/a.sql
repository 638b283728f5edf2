CREATE FUNCTION slug(t text) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT lower(t) $$;
CREATE TABLE film (film_id integer PRIMARY KEY, title text, CONSTRAINT film_slug_check CHECK (slug(title) <> ''));
CREATE INDEX film_slug_idx ON film (slug(title));
CREATE VIEW film_slug AS SELECT film_id, slug(title) AS slug FROM film;
