CREATE OR REPLACE FUNCTION public.f(IN a integer, IN b character varying = 'x'::character varying, OUT c boolean) AS $x$ BEGIN c := true; END $x$ STABLE LANGUAGE plpgsql;
CREATE PROCEDURE p(a varchar, INOUT b timestamptz) AS ' BEGIN NULL; END ' LANGUAGE plpgsql;
CREATE FUNCTION g(integer) RETURNS integer STRICT IMMUTABLE SECURITY INVOKER NOT LEAKPROOF COST 100 PARALLEL UNSAFE LANGUAGE sql AS ' SELECT 1 ';
REVOKE ALL ON FUNCTION g(integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION g(integer) TO pair_reader;
