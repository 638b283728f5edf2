CREATE TABLE doc (doc_id integer PRIMARY KEY, body jsonb DEFAULT '{}' NOT NULL, tags text[], numbers bigint[], flag text, ip inet, raw xml);
CREATE INDEX doc_body_idx ON doc USING gin (body);
