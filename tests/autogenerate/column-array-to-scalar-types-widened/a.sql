CREATE TABLE t (id smallint PRIMARY KEY, a smallint[], b varchar(5)[], c timestamp[], d char(2), e date, f time, g inet);
CREATE INDEX t_a_idx ON t USING gin (a);
