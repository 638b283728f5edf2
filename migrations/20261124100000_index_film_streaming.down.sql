-- migrate: no-transaction
DROP INDEX CONCURRENTLY public.film_streaming_idx;
