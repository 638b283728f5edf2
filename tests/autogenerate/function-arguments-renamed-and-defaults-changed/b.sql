CREATE FUNCTION add(x integer, y integer) RETURNS integer LANGUAGE sql AS $$ SELECT $1 + $2 $$;
CREATE FUNCTION page(size integer DEFAULT 20, after text DEFAULT 'it''s'::text) RETURNS integer LANGUAGE sql AS $$ SELECT size $$;
CREATE VIEW three AS SELECT add(1, 2) AS n;
COMMENT ON FUNCTION add(integer, integer) IS 'Adds';
