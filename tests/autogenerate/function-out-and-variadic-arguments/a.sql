CREATE FUNCTION split(t text, OUT head text, OUT tail text) LANGUAGE sql AS $$ SELECT left(t, 1), substr(t, 2) $$;
CREATE FUNCTION most(VARIADIC n integer[]) RETURNS integer LANGUAGE sql AS $$ SELECT max(x) FROM unnest(n) x $$;
CREATE FUNCTION bump(INOUT n integer) LANGUAGE sql AS $$ SELECT n + 1 $$;
