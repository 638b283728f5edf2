CREATE TABLE film (film_id integer PRIMARY KEY, title text);
CREATE TABLE film_log (film_id integer, at timestamptz DEFAULT now());
CREATE VIEW film_v AS SELECT * FROM film;
CREATE RULE film_v_insert AS ON INSERT TO film_v DO INSTEAD INSERT INTO film VALUES (NEW.film_id, NEW.title);
CREATE RULE film_keep AS ON DELETE TO film DO INSTEAD NOTHING;
