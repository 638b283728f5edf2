CREATE TYPE mpaa_rating AS ENUM ('G', 'PG', 'PG-13', 'R');
CREATE TABLE film (film_id integer PRIMARY KEY, rating mpaa_rating DEFAULT 'G' NOT NULL);
CREATE INDEX film_family_idx ON film (film_id) WHERE rating = 'G';
