CREATE TABLE doc (doc_id serial PRIMARY KEY, title text NOT NULL, body text);
