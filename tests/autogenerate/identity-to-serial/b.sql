CREATE TABLE film (film_id serial, title text, CONSTRAINT film_pk PRIMARY KEY (film_id));
