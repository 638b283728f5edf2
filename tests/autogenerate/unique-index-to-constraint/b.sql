CREATE TABLE film (film_id integer PRIMARY KEY, slug text, code text, CONSTRAINT film_slug_key UNIQUE (slug));
CREATE UNIQUE INDEX film_code_key ON film (code);
