CREATE DOMAIN label AS varchar(30) CHECK (VALUE = trim(VALUE));
CREATE FUNCTION norm(l label) RETURNS label LANGUAGE sql IMMUTABLE AS $$ SELECT lower(l)::public.label $$;
CREATE TABLE tag (tag_id integer PRIMARY KEY, label label NOT NULL);
CREATE UNIQUE INDEX tag_norm_idx ON tag (norm(label));
CREATE STATISTICS tag_stats ON (norm(label)), tag_id FROM tag;
