CREATE TABLE film (film_id serial PRIMARY KEY, title varchar(50) NOT NULL, slug character varying(20));
CREATE UNIQUE INDEX film_title_idx ON film (lower(title));
