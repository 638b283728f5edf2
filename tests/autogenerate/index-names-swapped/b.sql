CREATE TABLE t (id integer PRIMARY KEY, a integer, b integer);
CREATE INDEX first_idx ON t (b);
CREATE INDEX second_idx ON t (a);
COMMENT ON INDEX second_idx IS 'Of a';
