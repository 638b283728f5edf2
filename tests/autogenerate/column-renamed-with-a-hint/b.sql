CREATE TABLE film (film_id integer PRIMARY KEY, name text NOT NULL, year integer, CONSTRAINT film_title_check CHECK (name <> ''));
CREATE INDEX film_title_idx ON film (lower(name), year);
CREATE VIEW film_title AS SELECT film_id, upper(name) AS shout FROM film;
COMMENT ON COLUMN film.name IS 'As on the poster';
GRANT UPDATE (name) ON film TO pair_writer;
