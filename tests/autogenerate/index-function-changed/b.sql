CREATE FUNCTION slug(t text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$ SELECT lower(replace(t, ' ', '_')) $$;
CREATE TABLE film (film_id integer PRIMARY KEY, title text);
CREATE UNIQUE INDEX film_slug_idx ON film (slug(title));
