CREATE FUNCTION greet(name text) RETURNS text LANGUAGE plpgsql AS $body$
BEGIN
    /* a comment; /* nested */ with $1 and $function$ in it */
    EXECUTE $function$ SELECT 'x;y' $function$;
    RETURN E'Hello\\n; ' || name || $$ it's $$ || '\d+';
END
$body$;
CREATE FUNCTION nothing() RETURNS void LANGUAGE sql AS 'SELECT ''$_$''::text; ';
