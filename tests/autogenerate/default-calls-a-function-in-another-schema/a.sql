CREATE SCHEMA util;
CREATE FUNCTION util.short_id() RETURNS text LANGUAGE sql AS $$ SELECT substr(md5(random()::text), 1, 8) $$;
CREATE TABLE link (link_id text DEFAULT util.short_id() PRIMARY KEY, url text);
