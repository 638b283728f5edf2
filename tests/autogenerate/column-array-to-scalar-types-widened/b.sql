CREATE TABLE t (id bigint PRIMARY KEY, a bigint[], b text[], c timestamptz[], d varchar(2), e timestamp, f interval, g text);
CREATE INDEX t_a_idx ON t USING gin (a);
