CREATE TABLE film (film_id integer, year integer, CONSTRAINT film_pkey PRIMARY KEY (film_id), CONSTRAINT film_year_check CHECK (year > 1888));
CREATE TABLE copy (copy_id integer PRIMARY KEY, film_id integer, CONSTRAINT copy_film_id_fkey FOREIGN KEY (film_id) REFERENCES film);
