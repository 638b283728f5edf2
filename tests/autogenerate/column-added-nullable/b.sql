CREATE TABLE film (film_id serial PRIMARY KEY, title varchar(255) NOT NULL, tagline text);
