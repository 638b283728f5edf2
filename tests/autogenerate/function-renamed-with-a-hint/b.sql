CREATE FUNCTION slugify(t text) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT lower(t) $$;
CREATE TABLE film (film_id integer PRIMARY KEY, title text, slug text GENERATED ALWAYS AS (slugify(title)) STORED);
CREATE INDEX film_slug_idx ON film (slugify(title));
GRANT EXECUTE ON FUNCTION slugify(text) TO pair_reader;
