CREATE TYPE rating AS ENUM ('G', 'PG');
CREATE DOMAIN year AS integer CHECK (VALUE > 1888);
CREATE TABLE film (film_id integer PRIMARY KEY, rating rating DEFAULT 'G', year year);
CREATE FUNCTION is_family(r rating) RETURNS boolean LANGUAGE sql IMMUTABLE RETURN r = 'G';
CREATE VIEW family AS SELECT film_id FROM film WHERE is_family(rating);
