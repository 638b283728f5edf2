CREATE TYPE mpaa_rating AS ENUM ('unrated', 'G', 'PG', 'PG-13', 'R', 'NC-17');
CREATE TABLE film (film_id integer PRIMARY KEY, rating mpaa_rating DEFAULT 'G'::mpaa_rating, past mpaa_rating[]);
CREATE VIEW family AS SELECT film_id FROM film WHERE rating < 'R';
CREATE INDEX film_rating_idx ON film (rating);
