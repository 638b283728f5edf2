CREATE FUNCTION same_start(a text, b text) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$ SELECT left(a, 1) = left(b, 1) $$;
