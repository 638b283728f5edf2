-- Whether a film can be streamed. A constant default stays in the catalog: no row is rewritten.
ALTER TABLE public.film ADD COLUMN streaming_available boolean NOT NULL DEFAULT false;
