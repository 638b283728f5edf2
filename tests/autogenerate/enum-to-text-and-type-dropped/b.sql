CREATE TABLE person (person_id integer PRIMARY KEY, mood text DEFAULT 'ok' NOT NULL, moods text[] DEFAULT ARRAY['ok'],
    CONSTRAINT person_mood_check CHECK (mood IN ('sad', 'ok', 'happy')));
CREATE VIEW happy AS SELECT person_id FROM person WHERE mood = 'happy';
CREATE FUNCTION cheer(m text) RETURNS text LANGUAGE sql AS $$ SELECT 'happy' $$;
