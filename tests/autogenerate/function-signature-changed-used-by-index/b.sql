CREATE FUNCTION slug(t text, fill text DEFAULT '-') RETURNS varchar LANGUAGE sql IMMUTABLE AS $$ SELECT replace(lower(t), ' ', fill) $$;
CREATE TABLE film (film_id integer PRIMARY KEY, title text, CONSTRAINT film_slug_check CHECK (slug(title) <> ''));
CREATE INDEX film_slug_idx ON film (slug(title));
CREATE VIEW film_slug AS SELECT film_id, slug(title, '_') AS slug FROM film;
