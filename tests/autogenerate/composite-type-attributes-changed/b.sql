CREATE TYPE address AS (street text, zip varchar(10), country char(2));
CREATE TYPE box AS (w integer, h integer);
CREATE FUNCTION show(a address) RETURNS text LANGUAGE sql AS $$ SELECT a.street || a.country $$;
COMMENT ON COLUMN address.zip IS 'With letters';
