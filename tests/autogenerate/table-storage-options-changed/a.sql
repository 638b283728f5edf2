CREATE TABLE event (event_id integer PRIMARY KEY, body text, extra jsonb) WITH (fillfactor = 90, autovacuum_enabled = false);
CREATE TABLE log (log_id integer CONSTRAINT log_pk PRIMARY KEY, line text, at timestamptz NOT NULL);
CREATE INDEX log_at_idx ON log (at);
ALTER TABLE log CLUSTER ON log_pk;
