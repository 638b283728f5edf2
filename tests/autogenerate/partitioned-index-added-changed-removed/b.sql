CREATE TABLE e (id integer NOT NULL, at date NOT NULL, kind text, n integer) PARTITION BY RANGE (at);
CREATE TABLE e_1 PARTITION OF e FOR VALUES FROM ('2023-01-01') TO ('2024-01-01');
CREATE TABLE e_2 PARTITION OF e FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
CREATE INDEX e_kind_idx ON e (kind, n DESC);
CREATE UNIQUE INDEX e_new_idx ON e (id, at);
COMMENT ON INDEX e_1_id_at_idx IS 'Of the first';
