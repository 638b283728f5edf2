CREATE TABLE film (film_id integer PRIMARY KEY, year integer, title text);
