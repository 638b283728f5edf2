CREATE TABLE log (at date NOT NULL, line text) PARTITION BY RANGE (at);
CREATE INDEX log_at_idx ON log (at);
GRANT SELECT ON log TO pair_reader;
