CREATE TABLE t (id integer PRIMARY KEY, a integer, b integer);
CREATE INDEX first_idx ON t (a);
CREATE INDEX second_idx ON t (b);
COMMENT ON INDEX first_idx IS 'Of a';
