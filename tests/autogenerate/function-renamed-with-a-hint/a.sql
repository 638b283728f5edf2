CREATE FUNCTION make_slug(t text) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT lower(t) $$;
CREATE TABLE film (film_id integer PRIMARY KEY, title text, slug text GENERATED ALWAYS AS (make_slug(title)) STORED);
CREATE INDEX film_slug_idx ON film (make_slug(title));
GRANT EXECUTE ON FUNCTION make_slug(text) TO pair_reader;
