CREATE TABLE film (film_id integer PRIMARY KEY, rating text DEFAULT 'G' NOT NULL);
CREATE INDEX film_family_idx ON film (film_id) WHERE rating = 'G';
