CREATE TABLE studio (studio_id integer NOT NULL, name text, CONSTRAINT studio_pkey PRIMARY KEY (studio_id));
CREATE TABLE film (film_id integer, title text, studio_id integer, year integer);
CREATE INDEX film_title_idx ON film (title);
CREATE INDEX film_year_idx ON film (year);
