CREATE TABLE doc (doc_id integer PRIMARY KEY, title text, tags text[], body jsonb, at timestamptz);
CREATE INDEX doc_title_idx ON doc (title);
CREATE INDEX doc_tags_idx ON doc (tags);
CREATE INDEX doc_body_idx ON doc USING gin (body);
CREATE INDEX doc_at_idx ON doc (at);
