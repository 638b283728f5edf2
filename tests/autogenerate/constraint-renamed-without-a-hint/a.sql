CREATE TABLE film (film_id integer, year integer, CONSTRAINT film_primary PRIMARY KEY (film_id), CONSTRAINT year_check CHECK (year > 1888));
CREATE TABLE copy (copy_id integer PRIMARY KEY, film_id integer, CONSTRAINT copy_to_film FOREIGN KEY (film_id) REFERENCES film);
