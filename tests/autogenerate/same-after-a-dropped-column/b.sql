CREATE TABLE t (id integer PRIMARY KEY, n integer DEFAULT 1, c text);
CREATE INDEX t_n_idx ON t (n);
CREATE VIEW v AS SELECT id, n FROM t;
GRANT SELECT (c) ON t TO pair_reader;
COMMENT ON COLUMN t.c IS 'C';
