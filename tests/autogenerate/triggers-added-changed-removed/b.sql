CREATE TABLE film (film_id integer PRIMARY KEY, title text, updated_at timestamptz DEFAULT now() NOT NULL);
CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.updated_at := now(); RETURN NEW; END $$;
CREATE FUNCTION announce() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_notify(TG_ARGV[0], TG_ARGV[1]); RETURN NULL; END $$;
CREATE TRIGGER film_touch BEFORE INSERT OR UPDATE OF title ON film FOR EACH ROW WHEN (NEW.title IS NOT NULL) EXECUTE FUNCTION touch();
CREATE TRIGGER film_announce AFTER TRUNCATE OR DELETE ON film FOR EACH STATEMENT EXECUTE FUNCTION announce('film', 'it''s gone\n');
COMMENT ON TRIGGER film_touch ON film IS 'Keeps the time';
