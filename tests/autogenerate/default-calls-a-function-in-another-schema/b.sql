CREATE SCHEMA ids;
CREATE FUNCTION ids.short_id(size integer DEFAULT 8) RETURNS text LANGUAGE sql AS $$ SELECT substr(md5(random()::text), 1, size) $$;
CREATE TABLE link (link_id text DEFAULT ids.short_id(12) PRIMARY KEY, url text);
