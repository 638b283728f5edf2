CREATE EXTENSION hstore;
CREATE TABLE t (id integer PRIMARY KEY, v hstore DEFAULT 'a=>1'::hstore);
CREATE FUNCTION keys(h hstore) RETURNS text[] LANGUAGE sql IMMUTABLE AS $$ SELECT akeys(h) $$;
