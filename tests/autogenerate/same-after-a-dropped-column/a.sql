CREATE TABLE t (id integer PRIMARY KEY, gone text, n integer DEFAULT 1);
CREATE INDEX t_n_idx ON t (n);
CREATE VIEW v AS SELECT id, n FROM t;
ALTER TABLE t DROP COLUMN gone;
ALTER TABLE t ADD COLUMN c text;
GRANT SELECT (c) ON t TO pair_reader;
COMMENT ON COLUMN t.c IS 'C';
