CREATE TABLE film (film_id integer PRIMARY KEY, title text);
CREATE TABLE audit (n bigint);
CREATE FUNCTION count_new() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO audit SELECT count(*) FROM fresh; RETURN NULL; END $$;
CREATE TRIGGER film_count AFTER INSERT ON film REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION count_new();
