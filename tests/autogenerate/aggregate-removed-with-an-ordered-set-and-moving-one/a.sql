CREATE FUNCTION keep(state integer, n integer) RETURNS integer LANGUAGE sql IMMUTABLE AS $$ SELECT coalesce(n, state) $$;
CREATE AGGREGATE latest(integer) (SFUNC = keep, STYPE = integer, INITCOND = '-1');
CREATE AGGREGATE my_sum(integer) (SFUNC = int4pl, STYPE = integer, INITCOND = '0', MSFUNC = int4pl, MINVFUNC = int4mi, MSTYPE = integer, MINITCOND = '0');
REVOKE ALL ON FUNCTION my_sum(integer) FROM PUBLIC;
