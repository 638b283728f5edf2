CREATE TABLE t (id integer PRIMARY KEY, n integer, extra text);
CREATE VIEW whole AS SELECT t FROM t;
CREATE VIEW as_json AS SELECT to_jsonb(t) AS j, (t.*)::t AS r FROM t;
CREATE FUNCTION n_of(t) RETURNS integer LANGUAGE sql IMMUTABLE RETURN ($1).n;
CREATE INDEX t_n_idx ON t (n_of(t));
