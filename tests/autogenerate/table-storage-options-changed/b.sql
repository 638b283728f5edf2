CREATE TABLE event (event_id integer PRIMARY KEY, body text, extra jsonb) WITH (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.01, toast.autovacuum_enabled = false);
ALTER TABLE event ALTER COLUMN body SET STORAGE EXTERNAL, ALTER COLUMN extra SET STORAGE MAIN, ALTER COLUMN extra SET COMPRESSION pglz;
ALTER TABLE event ALTER COLUMN body SET STATISTICS 1000, ALTER COLUMN event_id SET (n_distinct = -1);
CREATE TABLE log (log_id integer CONSTRAINT log_pk PRIMARY KEY, line text, at timestamptz NOT NULL);
CREATE INDEX log_at_idx ON log (at);
ALTER TABLE log CLUSTER ON log_at_idx;
