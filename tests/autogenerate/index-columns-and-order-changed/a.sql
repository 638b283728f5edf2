CREATE TABLE film (film_id integer PRIMARY KEY, title text, year integer, store integer, deleted_at timestamptz);
CREATE INDEX film_year_idx ON film (year);
CREATE INDEX film_title_idx ON film (title);
CREATE UNIQUE INDEX film_store_idx ON film (store, title);
CREATE INDEX film_old_idx ON film (store);
