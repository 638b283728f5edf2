CREATE EXTENSION citext;
CREATE EXTENSION pg_trgm;
CREATE EXTENSION hstore;
CREATE TABLE person (person_id integer PRIMARY KEY, email citext, name text, extra hstore DEFAULT ''::hstore NOT NULL);
CREATE UNIQUE INDEX person_email_idx ON person (email);
CREATE INDEX person_name_idx ON person USING gin (name gin_trgm_ops);
CREATE INDEX person_extra_idx ON person USING gist (extra);
