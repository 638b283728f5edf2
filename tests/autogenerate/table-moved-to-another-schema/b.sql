CREATE SCHEMA app;
CREATE TABLE app.film (film_id serial PRIMARY KEY, title text);
CREATE INDEX film_title_idx ON app.film (title);
