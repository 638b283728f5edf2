CREATE FUNCTION split(t text, OUT head text, OUT tail text, OUT size integer) LANGUAGE sql AS $$ SELECT left(t, 1), substr(t, 2), length(t) $$;
CREATE FUNCTION most(VARIADIC n anyarray) RETURNS anyelement LANGUAGE sql AS $$ SELECT max(x) FROM unnest(n) x $$;
CREATE FUNCTION bump(INOUT n integer, step integer DEFAULT 1) LANGUAGE sql AS $$ SELECT n + step $$;
