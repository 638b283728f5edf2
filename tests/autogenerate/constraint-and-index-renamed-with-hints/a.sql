CREATE TABLE film (film_id integer, slug text, year integer,
    CONSTRAINT film_primary PRIMARY KEY (film_id),
    CONSTRAINT slug_unique UNIQUE (slug),
    CONSTRAINT year_check CHECK (year > 1888));
CREATE INDEX year_index ON film (year);
COMMENT ON INDEX year_index IS 'For the archive';
COMMENT ON CONSTRAINT slug_unique ON film IS 'One address a film';
