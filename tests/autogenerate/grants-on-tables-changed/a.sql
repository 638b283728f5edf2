CREATE TABLE film (film_id serial PRIMARY KEY, title text, price numeric);
CREATE VIEW titles AS SELECT title FROM film;
GRANT SELECT, INSERT ON film TO pair_reader;
GRANT ALL ON film TO pair_writer WITH GRANT OPTION;
GRANT SELECT ON titles TO PUBLIC;
GRANT USAGE ON SEQUENCE film_film_id_seq TO pair_writer;
