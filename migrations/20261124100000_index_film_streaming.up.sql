-- The films that can be streamed. They may be few, or none, and a page of them should not read all
-- the others.
-- migrate: no-transaction
CREATE INDEX CONCURRENTLY film_streaming_idx ON public.film (film_id) WHERE streaming_available;
