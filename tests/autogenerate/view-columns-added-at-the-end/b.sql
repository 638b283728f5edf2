CREATE TABLE film (film_id integer PRIMARY KEY, title text, year integer);
CREATE VIEW film_list AS SELECT film_id, title, year, now() AS read_at FROM film;
CREATE VIEW recent AS SELECT title FROM film_list WHERE year > 2000;
GRANT SELECT ON film_list TO pair_reader;
