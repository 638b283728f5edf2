CREATE TABLE t (id integer PRIMARY KEY, a integer DEFAULT 1, b text DEFAULT '2');
CREATE INDEX t_a_idx ON t (a);
CREATE INDEX t_b_idx ON t (b);
