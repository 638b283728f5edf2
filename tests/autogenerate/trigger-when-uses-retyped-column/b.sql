CREATE TABLE film (film_id integer PRIMARY KEY, length numeric(6,1), title text);
CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
CREATE TRIGGER film_length BEFORE UPDATE OF length ON film FOR EACH ROW WHEN (OLD.length IS DISTINCT FROM NEW.length) EXECUTE FUNCTION note();
