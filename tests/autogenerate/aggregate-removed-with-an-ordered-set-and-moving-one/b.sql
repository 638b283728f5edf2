CREATE FUNCTION keep(state integer, n integer) RETURNS integer LANGUAGE sql IMMUTABLE STRICT AS $$ SELECT n $$;
CREATE FUNCTION finish(state integer) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT 'n=' || state $$;
CREATE AGGREGATE latest(integer) (SFUNC = keep, STYPE = integer, FINALFUNC = finish);
CREATE AGGREGATE my_middle(ORDER BY anyelement) (SFUNC = ordered_set_transition, STYPE = internal, FINALFUNC = mode_final, FINALFUNC_EXTRA);
COMMENT ON AGGREGATE latest(integer) IS 'The last that is not null';
