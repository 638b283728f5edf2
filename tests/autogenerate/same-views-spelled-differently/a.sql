CREATE TABLE film (film_id integer PRIMARY KEY, title text, year integer);
CREATE VIEW v AS SELECT f.film_id, f.title FROM film f WHERE f.year IN (1979, 1985) AND f.title NOT LIKE 'A%';
CREATE FUNCTION f(int) RETURNS int LANGUAGE 'sql' AS 'select 1';
