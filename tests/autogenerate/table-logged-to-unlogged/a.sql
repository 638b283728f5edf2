CREATE UNLOGGED TABLE cache (key text PRIMARY KEY, value bytea);
CREATE TABLE session (token text PRIMARY KEY, data jsonb);
