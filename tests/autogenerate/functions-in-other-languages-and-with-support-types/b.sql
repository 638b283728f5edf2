CREATE FUNCTION half(n numeric) RETURNS numeric LANGUAGE internal IMMUTABLE STRICT AS 'numeric_abs';
CREATE FUNCTION pairs(n integer) RETURNS TABLE (a integer, b integer) LANGUAGE sql AS $$ SELECT 1, 2 $$;
CREATE FUNCTION first_of(anycompatiblearray, anycompatible DEFAULT NULL::integer) RETURNS anycompatible LANGUAGE sql IMMUTABLE AS $$ SELECT coalesce($1[1], $2) $$;
CREATE FUNCTION cut(t text, n integer) RETURNS varchar(5) LANGUAGE sql IMMUTABLE SET "DateStyle" = 'ISO, DMY' SET lock_timeout = '2s' AS $$ SELECT left(t, n) $$;
COMMENT ON FUNCTION cut IS 'Cuts';
