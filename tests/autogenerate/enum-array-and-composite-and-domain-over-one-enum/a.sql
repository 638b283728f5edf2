CREATE TYPE level AS ENUM ('low', 'middle', 'high');
CREATE DOMAIN strong AS level CHECK (VALUE <> 'low');
CREATE TYPE mark AS (subject text, level level);
CREATE TABLE pupil (pupil_id integer PRIMARY KEY, level level, levels level[] DEFAULT ARRAY['low'::level], best strong DEFAULT 'high');
CREATE FUNCTION level_of(n integer) RETURNS level LANGUAGE sql IMMUTABLE AS $$ SELECT 'low'::public.level $$;
CREATE FUNCTION judge(m mark) RETURNS level LANGUAGE sql IMMUTABLE AS $$ SELECT (m).level $$;
CREATE INDEX pupil_level_idx ON pupil (level) WHERE level > 'low';
