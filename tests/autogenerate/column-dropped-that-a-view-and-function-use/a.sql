CREATE TABLE film (film_id integer PRIMARY KEY, title text, rating text, stars integer);
CREATE VIEW rated AS SELECT film_id, rating, stars FROM film;
CREATE VIEW rated_count AS SELECT rating, count(*) AS n FROM rated GROUP BY rating;
CREATE FUNCTION rating_of(id integer) RETURNS text LANGUAGE sql STABLE BEGIN ATOMIC SELECT rating FROM film WHERE film_id = id; END;
