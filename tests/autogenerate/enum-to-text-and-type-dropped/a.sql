CREATE TYPE mood AS ENUM ('sad', 'ok', 'happy');
CREATE TABLE person (person_id integer PRIMARY KEY, mood mood DEFAULT 'ok' NOT NULL, moods mood[] DEFAULT ARRAY['ok'::mood]);
CREATE VIEW happy AS SELECT person_id FROM person WHERE mood = 'happy';
CREATE FUNCTION cheer(m mood) RETURNS mood LANGUAGE sql AS $$ SELECT 'happy'::mood $$;
