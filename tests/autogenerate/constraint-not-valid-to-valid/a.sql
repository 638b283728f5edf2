CREATE TABLE film (film_id integer PRIMARY KEY);
CREATE TABLE copy (copy_id integer PRIMARY KEY, film_id integer, shelf integer);
ALTER TABLE copy ADD CONSTRAINT copy_film_fk FOREIGN KEY (film_id) REFERENCES film NOT VALID;
ALTER TABLE copy ADD CONSTRAINT copy_shelf_check CHECK (shelf > 0) NOT VALID;
