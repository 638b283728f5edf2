SET statement_timeout = 0;
SELECT pg_catalog.set_config('search_path', '', false);
SET check_function_bodies = false;
CREATE FUNCTION public.f(a integer) RETURNS bigint
    LANGUAGE sql
    AS $$ SELECT n FROM public.t WHERE id = a; $$;
CREATE TABLE public.t (
    id bigint NOT NULL,
    n bigint,
    note text,
    CONSTRAINT t_n_check CHECK ((n > 0))
);
ALTER TABLE public.t ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.t_id_seq START WITH 1 INCREMENT BY 1 NO MINVALUE NO MAXVALUE CACHE 1
);
ALTER TABLE ONLY public.t ADD CONSTRAINT t_pkey PRIMARY KEY (id);
CREATE INDEX t_note_idx ON public.t USING btree (note);
