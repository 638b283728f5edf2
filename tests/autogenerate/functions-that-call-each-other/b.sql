CREATE FUNCTION one(n bigint) RETURNS bigint LANGUAGE sql IMMUTABLE RETURN n + 1;
CREATE FUNCTION two(n integer) RETURNS integer LANGUAGE sql IMMUTABLE RETURN (one(n::bigint) * 2)::integer;
CREATE TABLE t (id integer PRIMARY KEY, v integer DEFAULT two(2), CONSTRAINT v_check CHECK (two(v) < 1000));
