CREATE TABLE film (film_id integer PRIMARY KEY, title text, store integer);
CREATE TABLE copy (copy_id integer PRIMARY KEY, film_id integer, at date);
CREATE VIEW v AS
    SELECT f.film_id, f.title, x.n AS copies, rank() OVER w AS place,
        string_agg(f.title, '; ') FILTER (WHERE f.store > 1) OVER () AS never
    FROM film f LEFT JOIN LATERAL (SELECT count(*) AS n FROM copy c WHERE c.film_id = f.film_id) x ON true
    WINDOW w AS (PARTITION BY f.store ORDER BY x.n DESC)
    LIMIT 10;
CREATE VIEW u AS SELECT film_id FROM film UNION ALL (SELECT copy_id FROM copy EXCEPT SELECT 5) ORDER BY 1;
CREATE VIEW g AS SELECT store, at, GROUPING(store) AS gr FROM film NATURAL JOIN copy GROUP BY ROLLUP (store, at);
CREATE VIEW vals (a, "B") AS VALUES (1, 'x'::text), (2, E'y\n''');
