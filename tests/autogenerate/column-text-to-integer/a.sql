CREATE TABLE film (film_id integer PRIMARY KEY, year text DEFAULT '1999', pages varchar(8));
CREATE INDEX film_year_idx ON film (year);
