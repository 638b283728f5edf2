CREATE TABLE film (film_id integer PRIMARY KEY, title text);
CREATE TABLE film_log (film_id integer, at timestamptz DEFAULT now());
CREATE VIEW film_v AS SELECT * FROM film;
CREATE RULE film_v_insert AS ON INSERT TO film_v DO INSTEAD INSERT INTO film VALUES (NEW.film_id, upper(NEW.title));
CREATE RULE film_log AS ON UPDATE TO film WHERE OLD.title <> NEW.title DO ALSO (INSERT INTO film_log VALUES (OLD.film_id); DELETE FROM film_log WHERE at < now() - interval '1 year');
COMMENT ON RULE film_log ON film IS 'For the archive';
ALTER TABLE film DISABLE RULE film_log;
