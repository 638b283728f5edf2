CREATE TABLE film (film_id integer PRIMARY KEY, title text, year integer, store integer, deleted_at timestamptz);
CREATE INDEX film_year_idx ON film (year DESC NULLS LAST, title COLLATE "C");
CREATE UNIQUE INDEX film_title_idx ON film (title) INCLUDE (year) WHERE deleted_at IS NULL;
CREATE UNIQUE INDEX film_store_idx ON film (store, title) NULLS NOT DISTINCT;
CREATE INDEX film_new_idx ON film (store);
