CREATE TABLE film (film_id integer CONSTRAINT film_pk PRIMARY KEY, year integer CONSTRAINT year_check CHECK (year > 0));
CREATE INDEX film_year_idx ON film (year);
CREATE VIEW v AS SELECT film_id, year FROM film;
COMMENT ON COLUMN film.year IS 'Year';
COMMENT ON CONSTRAINT year_check ON film IS 'Check';
COMMENT ON CONSTRAINT film_pk ON film IS 'Key';
COMMENT ON INDEX film_year_idx IS 'Index';
COMMENT ON COLUMN v.year IS 'View column';
