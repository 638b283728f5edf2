CREATE FUNCTION f() RETURNS integer LANGUAGE sql AS $$ SELECT 1 $$;
CREATE TABLE t (id integer, CONSTRAINT t_pkey PRIMARY KEY (id));
GRANT SELECT ON t TO pair_writer;
GRANT DELETE, INSERT ON t TO pair_writer;
GRANT UPDATE ON t TO pair_writer;
