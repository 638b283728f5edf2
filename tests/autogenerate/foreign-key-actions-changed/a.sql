CREATE TABLE film (film_id integer PRIMARY KEY);
CREATE TABLE copy (
    copy_id integer PRIMARY KEY,
    film_id integer NOT NULL REFERENCES film,
    lent_to integer REFERENCES copy ON DELETE RESTRICT
);
