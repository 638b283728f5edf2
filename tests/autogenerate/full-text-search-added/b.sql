CREATE TABLE doc (doc_id serial PRIMARY KEY, title text NOT NULL, body text,
    search tsvector GENERATED ALWAYS AS (setweight(to_tsvector('english', title), 'A') || setweight(to_tsvector('english', coalesce(body, '')), 'B')) STORED);
CREATE INDEX doc_search_idx ON doc USING gin (search);
CREATE FUNCTION search_docs(q text, max_rows integer DEFAULT 20) RETURNS TABLE (doc_id integer, rank real) LANGUAGE sql STABLE AS $$
    SELECT d.doc_id, ts_rank(d.search, websearch_to_tsquery('english', q)) FROM doc d WHERE d.search @@ websearch_to_tsquery('english', q) LIMIT max_rows
$$;
