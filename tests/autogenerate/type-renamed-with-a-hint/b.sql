CREATE TYPE mpaa_rating AS ENUM ('G', 'PG');
CREATE DOMAIN film_year AS integer CONSTRAINT year_check CHECK (VALUE > 1888);
CREATE TABLE film (film_id integer PRIMARY KEY, rating mpaa_rating DEFAULT 'G', year film_year);
CREATE FUNCTION is_family(r mpaa_rating) RETURNS boolean LANGUAGE sql IMMUTABLE RETURN r = 'G';
CREATE VIEW family AS SELECT film_id FROM film WHERE is_family(rating);
