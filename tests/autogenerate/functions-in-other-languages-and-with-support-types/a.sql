CREATE FUNCTION half(n numeric) RETURNS numeric LANGUAGE sql IMMUTABLE RETURN n / 2;
CREATE FUNCTION pairs(n integer) RETURNS SETOF record LANGUAGE sql AS $$ SELECT 1, 2 $$;
CREATE FUNCTION first_of(anyarray) RETURNS anyelement LANGUAGE sql IMMUTABLE AS $$ SELECT $1[1] $$;
