CREATE TABLE film (film_id integer PRIMARY KEY, title text, active boolean);
CREATE VIEW v1 AS SELECT * FROM film WHERE active;
CREATE VIEW v2 WITH (security_barrier) AS SELECT * FROM film WHERE active;
CREATE VIEW v3 AS SELECT * FROM film WHERE active WITH LOCAL CHECK OPTION;
CREATE VIEW v4 WITH (security_invoker = true) AS SELECT film_id FROM film;
