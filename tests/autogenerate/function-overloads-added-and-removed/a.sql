CREATE FUNCTION area(r numeric) RETURNS numeric LANGUAGE sql AS $$ SELECT 3.14 * r * r $$;
CREATE FUNCTION area(a integer, b integer) RETURNS integer LANGUAGE sql AS $$ SELECT a * b $$;
COMMENT ON FUNCTION area(integer, integer) IS 'Of a rectangle';
