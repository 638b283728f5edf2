CREATE TABLE film (film_id integer PRIMARY KEY, title text);
CREATE VIEW film_count AS SELECT count(*) AS n FROM film;
CREATE VIEW doubled AS SELECT n * 2 AS n FROM film_count;
