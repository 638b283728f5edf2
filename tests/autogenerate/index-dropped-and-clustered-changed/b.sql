CREATE TABLE t (id integer PRIMARY KEY, n integer, m integer);
CREATE INDEX t_n_idx ON t (n, m);
CREATE INDEX t_hash_idx ON t USING spgist (int4range(n, m));
ALTER TABLE t CLUSTER ON t_n_idx;
