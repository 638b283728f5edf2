CREATE FUNCTION one(n integer) RETURNS integer LANGUAGE sql IMMUTABLE RETURN n + 1;
CREATE FUNCTION two(n integer) RETURNS integer LANGUAGE sql IMMUTABLE RETURN one(n) * 2;
CREATE TABLE t (id integer PRIMARY KEY, v integer DEFAULT two(1), CONSTRAINT v_check CHECK (two(v) < 1000));
