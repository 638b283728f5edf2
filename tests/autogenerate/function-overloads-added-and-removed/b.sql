CREATE FUNCTION area(r numeric) RETURNS numeric LANGUAGE sql AS $$ SELECT 3.1416 * r * r $$;
CREATE FUNCTION area(r double precision) RETURNS double precision LANGUAGE sql AS $$ SELECT pi() * r * r $$;
CREATE FUNCTION area(VARIADIC sides integer[]) RETURNS integer LANGUAGE sql AS $$ SELECT sides[1] * sides[2] $$;
COMMENT ON FUNCTION area(VARIADIC integer[]) IS 'Of a rectangle';
COMMENT ON FUNCTION area(numeric) IS 'Of a circle';
