CREATE TABLE t (id integer PRIMARY KEY, n integer, m integer);
CREATE INDEX t_n_idx ON t (n);
CREATE INDEX t_hash_idx ON t USING hash (m);
ALTER TABLE t CLUSTER ON t_n_idx;
ALTER TABLE t ALTER n SET STATISTICS 0;
