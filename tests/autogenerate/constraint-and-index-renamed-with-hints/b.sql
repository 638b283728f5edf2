CREATE TABLE film (film_id integer, slug text, year integer,
    CONSTRAINT film_pkey PRIMARY KEY (film_id),
    CONSTRAINT film_slug_key UNIQUE (slug),
    CONSTRAINT film_year_check CHECK (year > 1888));
CREATE INDEX film_year_idx ON film (year);
COMMENT ON INDEX film_year_idx IS 'For the archive';
COMMENT ON CONSTRAINT film_slug_key ON film IS 'One address a film';
