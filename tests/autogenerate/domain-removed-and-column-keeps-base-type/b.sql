CREATE TABLE film (film_id integer PRIMARY KEY, year integer, remade smallint, CHECK (year BETWEEN 1901 AND 2155));
CREATE INDEX film_year_idx ON film ((year + 1));
