CREATE FUNCTION add(a integer, b integer DEFAULT 1) RETURNS integer LANGUAGE sql AS $$ SELECT $1 + $2 $$;
CREATE FUNCTION page(size integer DEFAULT 10, after text DEFAULT NULL) RETURNS integer LANGUAGE sql AS $$ SELECT size $$;
CREATE VIEW three AS SELECT add(1, 2) AS n;
COMMENT ON FUNCTION add(integer, integer) IS 'Adds';
