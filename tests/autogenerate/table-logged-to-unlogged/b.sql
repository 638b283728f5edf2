CREATE TABLE cache (key text PRIMARY KEY, value bytea);
CREATE UNLOGGED TABLE session (token text PRIMARY KEY, data jsonb);
