CREATE TABLE film (film_id integer PRIMARY KEY, title text);
CREATE VIEW rated AS SELECT film_id, title FROM film;
