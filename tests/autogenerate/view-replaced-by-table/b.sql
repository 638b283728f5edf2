CREATE TABLE film (film_id integer PRIMARY KEY, title text);
CREATE TABLE film_count (n bigint);
CREATE VIEW doubled AS SELECT n * 2 AS n FROM film_count;
