CREATE FUNCTION add_up(state integer, n integer) RETURNS integer LANGUAGE sql IMMUTABLE AS $$ SELECT state + coalesce(n, 0) $$;
CREATE AGGREGATE add_all(integer) (SFUNC = add_up, STYPE = integer, INITCOND = '0');
CREATE VIEW total AS SELECT add_all(n) AS n FROM generate_series(1, 3) n;
