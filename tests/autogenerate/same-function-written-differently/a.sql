CREATE FUNCTION f(a int4, b varchar DEFAULT 'x', OUT c bool) RETURNS bool LANGUAGE plpgsql STABLE AS $$ BEGIN c := true; END $$;
CREATE PROCEDURE p(IN a character varying(20), INOUT b timestamp with time zone) LANGUAGE plpgsql AS $$ BEGIN NULL; END $$;
CREATE FUNCTION g(int) RETURNS int LANGUAGE sql IMMUTABLE RETURNS NULL ON NULL INPUT AS $$ SELECT 1 $$;
REVOKE ALL ON FUNCTION g(int) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION g(int) TO pair_reader;
