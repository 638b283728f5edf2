CREATE SCHEMA app;
CREATE TABLE film (film_id serial PRIMARY KEY, title text);
CREATE INDEX film_title_idx ON film (title);
