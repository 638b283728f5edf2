CREATE SCHEMA ext;
CREATE EXTENSION hstore SCHEMA ext;
COMMENT ON EXTENSION hstore IS 'Keys and values';
CREATE TABLE t (id integer PRIMARY KEY, v ext.hstore DEFAULT 'a=>1'::ext.hstore);
CREATE FUNCTION keys(h ext.hstore) RETURNS text[] LANGUAGE sql IMMUTABLE AS $$ SELECT ext.akeys(h) $$;
