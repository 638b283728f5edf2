CREATE TABLE public.film (
    id integer,
    rating character varying(5) DEFAULT 'G'
);
ALTER TABLE film ADD COLUMN price numeric(5,2);
ALTER TABLE film ADD CHECK (rating::text = ANY (ARRAY['G'::character varying, 'PG'::character varying]::text[]));
ALTER TABLE film ADD CHECK (price >= 0::numeric AND price <= 10::numeric);
ALTER TABLE film ADD PRIMARY KEY (id);
CREATE INDEX ON film (price);
