CREATE TABLE thing (id integer PRIMARY KEY);
CREATE INDEX spare ON thing (id);
CREATE VIEW counter AS SELECT 1 AS n;
CREATE TYPE kind AS (a integer);
CREATE FUNCTION most(integer) RETURNS integer LANGUAGE sql AS $$ SELECT $1 $$;
