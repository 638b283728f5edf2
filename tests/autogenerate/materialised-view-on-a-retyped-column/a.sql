CREATE TABLE sale (sale_id integer PRIMARY KEY, amount numeric(8,2));
CREATE MATERIALIZED VIEW biggest AS SELECT max(amount) AS amount FROM sale;
CREATE MATERIALIZED VIEW biggest_label AS SELECT 'Max: ' || amount AS label FROM biggest;
CREATE INDEX biggest_label_idx ON biggest_label (label);
GRANT SELECT ON biggest, biggest_label TO pair_reader;
