CREATE TABLE genre (genre_id smallint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text NOT NULL UNIQUE);
CREATE TABLE film (film_id serial PRIMARY KEY, title text, genre_id smallint REFERENCES genre);
CREATE VIEW drama AS SELECT f.film_id, f.title FROM film f JOIN genre g USING (genre_id) WHERE g.name = 'drama';
