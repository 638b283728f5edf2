CREATE TABLE film (film_id integer PRIMARY KEY, year integer DEFAULT 1999, pages smallint);
CREATE INDEX film_year_idx ON film (year);
