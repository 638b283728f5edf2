CREATE TABLE t (id integer PRIMARY KEY, a text DEFAULT '1', b integer DEFAULT 2);
CREATE INDEX t_a_idx ON t (b);
CREATE INDEX t_b_idx ON t (a);
