CREATE TABLE film (film_id integer PRIMARY KEY, title text, active boolean);
CREATE VIEW v1 WITH (security_invoker = true, security_barrier = true) AS SELECT * FROM film WHERE active;
CREATE VIEW v2 AS SELECT * FROM film WHERE active;
CREATE VIEW v3 AS SELECT * FROM film WHERE active WITH CASCADED CHECK OPTION;
CREATE VIEW v4 AS SELECT film_id FROM film WHERE active WITH CHECK OPTION;
