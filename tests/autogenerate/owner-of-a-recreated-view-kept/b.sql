CREATE TABLE film (film_id integer PRIMARY KEY, year smallint);
CREATE VIEW v AS SELECT film_id, year FROM film;
ALTER VIEW v OWNER TO pair_owner;
GRANT SELECT ON v TO pair_reader WITH GRANT OPTION;
REVOKE DELETE ON v FROM pair_owner;
