CREATE DOMAIN year AS integer CHECK (VALUE BETWEEN 1901 AND 2155);
CREATE DOMAIN recent_year AS year CHECK (VALUE > 1999);
CREATE TABLE film (film_id integer PRIMARY KEY, year year, remade recent_year);
CREATE INDEX film_year_idx ON film ((year + 1));
