CREATE TABLE film (film_id integer PRIMARY KEY, title text, updated_at timestamptz DEFAULT now() NOT NULL);
CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.updated_at := now(); RETURN NEW; END $$;
CREATE TRIGGER film_touch BEFORE UPDATE ON film FOR EACH ROW EXECUTE FUNCTION touch();
CREATE TRIGGER film_old BEFORE INSERT ON film FOR EACH ROW EXECUTE FUNCTION touch();
