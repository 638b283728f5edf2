CREATE TABLE film (film_id serial PRIMARY KEY, title varchar(255) NOT NULL, slug text);
CREATE UNIQUE INDEX film_title_idx ON film (lower(title));
