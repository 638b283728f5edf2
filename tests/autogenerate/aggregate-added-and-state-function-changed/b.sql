CREATE FUNCTION add_up(state bigint, n integer) RETURNS bigint LANGUAGE sql IMMUTABLE AS $$ SELECT state + coalesce(n, 0) $$;
CREATE FUNCTION append(state text, t text) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT concat_ws(';', state, t) $$;
CREATE AGGREGATE add_all(integer) (SFUNC = add_up, STYPE = bigint, INITCOND = '0', PARALLEL = SAFE);
CREATE AGGREGATE join_all(text) (SFUNC = append, STYPE = text);
COMMENT ON AGGREGATE join_all(text) IS 'With semicolons';
CREATE VIEW total AS SELECT add_all(n) AS n FROM generate_series(1, 3) n;
