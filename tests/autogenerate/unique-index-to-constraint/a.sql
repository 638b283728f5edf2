CREATE TABLE film (film_id integer PRIMARY KEY, slug text, code text, CONSTRAINT film_code_key UNIQUE (code));
CREATE UNIQUE INDEX film_slug_key ON film (slug);
