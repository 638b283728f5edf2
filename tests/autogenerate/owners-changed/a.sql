CREATE SCHEMA app;
CREATE TABLE app.film (film_id serial PRIMARY KEY, title text);
CREATE VIEW app.v AS SELECT 1 AS one;
CREATE FUNCTION app.f(a integer) RETURNS integer LANGUAGE sql AS $$ SELECT a $$;
CREATE TYPE app.colour AS ENUM ('red');
CREATE DOMAIN app.d AS text;
GRANT SELECT ON app.film TO pair_reader;
