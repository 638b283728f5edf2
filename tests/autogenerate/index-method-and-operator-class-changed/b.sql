CREATE TABLE doc (doc_id integer PRIMARY KEY, title text, tags text[], body jsonb, at timestamptz);
CREATE INDEX doc_title_idx ON doc (title text_pattern_ops);
CREATE INDEX doc_tags_idx ON doc USING gin (tags) WITH (fastupdate = off);
CREATE INDEX doc_body_idx ON doc USING gin (body jsonb_path_ops);
CREATE INDEX doc_at_idx ON doc USING brin (at) WITH (pages_per_range = 32);
