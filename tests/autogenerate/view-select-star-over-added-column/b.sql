CREATE TABLE film (film_id integer PRIMARY KEY, title text, year integer);
CREATE VIEW every AS SELECT * FROM film;
CREATE VIEW every_join AS SELECT a.*, b.title AS other FROM film a JOIN every b USING (film_id);
