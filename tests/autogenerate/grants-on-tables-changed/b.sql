CREATE TABLE film (film_id serial PRIMARY KEY, title text, price numeric);
CREATE VIEW titles AS SELECT title FROM film;
GRANT SELECT ON film TO pair_reader WITH GRANT OPTION;
GRANT SELECT, UPDATE, DELETE ON film TO pair_writer;
GRANT SELECT ON titles TO pair_reader;
GRANT SELECT, UPDATE ON SEQUENCE film_film_id_seq TO pair_writer;
