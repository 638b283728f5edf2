CREATE TYPE genre AS ENUM ('drama', 'comedy');
CREATE TABLE film (film_id serial PRIMARY KEY, title text, genre genre DEFAULT 'drama');
CREATE VIEW drama AS SELECT film_id, title FROM film WHERE genre = 'drama';
