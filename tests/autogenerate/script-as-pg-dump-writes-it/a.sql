SET statement_timeout = 0;
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SELECT pg_catalog.set_config('search_path', '', false);
SET check_function_bodies = false;
SET client_min_messages = warning;
CREATE FUNCTION public.f(a integer) RETURNS integer
    LANGUAGE sql
    AS $$ SELECT n FROM public.t WHERE id = a; $$;
SET default_tablespace = '';
SET default_table_access_method = heap;
CREATE TABLE public.t (
    id integer NOT NULL,
    n integer,
    CONSTRAINT t_n_check CHECK ((n > 0))
);
CREATE SEQUENCE public.t_id_seq AS integer START WITH 1 INCREMENT BY 1 NO MINVALUE NO MAXVALUE CACHE 1;
ALTER SEQUENCE public.t_id_seq OWNED BY public.t.id;
ALTER TABLE ONLY public.t ALTER COLUMN id SET DEFAULT nextval('public.t_id_seq'::regclass);
ALTER TABLE ONLY public.t ADD CONSTRAINT t_pkey PRIMARY KEY (id);
