CREATE FUNCTION latest() RETURNS bigint LANGUAGE plpgsql AS $$ BEGIN RETURN (SELECT max(id) FROM public.later WHERE kind = 'x'::public.later_kind); END $$;
CREATE TYPE later_kind AS ENUM ('x', 'y');
CREATE TABLE later (id bigint PRIMARY KEY, kind later_kind);
CREATE TABLE t (id integer PRIMARY KEY, later_id bigint DEFAULT latest() REFERENCES later);
