CREATE TABLE film (film_id integer PRIMARY KEY, title text, store integer);
CREATE TABLE copy (copy_id integer PRIMARY KEY, film_id integer, at date);
CREATE VIEW v AS SELECT f.film_id, f.title, (SELECT count(*) FROM copy c WHERE c.film_id = f.film_id) AS copies FROM film f;
