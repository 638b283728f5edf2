CREATE TABLE film (film_id integer GENERATED ALWAYS AS IDENTITY (START WITH 100), title text, CONSTRAINT film_pk PRIMARY KEY (film_id));
