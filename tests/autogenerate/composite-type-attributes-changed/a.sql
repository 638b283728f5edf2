CREATE TYPE address AS (street text, zip integer);
CREATE TYPE box AS (w integer, h integer, old text);
CREATE FUNCTION show(a address) RETURNS text LANGUAGE sql AS $$ SELECT a.street $$;
