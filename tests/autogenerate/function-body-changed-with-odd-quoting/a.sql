CREATE FUNCTION greet(name text) RETURNS text LANGUAGE plpgsql AS $body$
BEGIN
    -- a comment; with a semicolon and a 'quote
    RETURN 'Hello; ' || name || $$ it's fine $$;
END
$body$;
CREATE FUNCTION nothing() RETURNS void LANGUAGE sql AS '';
