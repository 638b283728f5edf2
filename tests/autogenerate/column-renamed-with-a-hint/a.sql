CREATE TABLE film (film_id integer PRIMARY KEY, title text NOT NULL, year integer, CONSTRAINT film_title_check CHECK (title <> ''));
CREATE INDEX film_title_idx ON film (lower(title), year);
CREATE VIEW film_title AS SELECT film_id, upper(title) AS shout FROM film;
COMMENT ON COLUMN film.title IS 'As on the poster';
GRANT UPDATE (title) ON film TO pair_writer;
