-- What was recorded about streaming is lost.
ALTER TABLE public.film DROP COLUMN streaming_available;
