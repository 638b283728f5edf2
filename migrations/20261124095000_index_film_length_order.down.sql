-- migrate: no-transaction
CREATE INDEX CONCURRENTLY film_length_ascending_idx
    ON public.film ((coalesce(length, 32767)), film_id);
DROP INDEX CONCURRENTLY public.film_length_unknown_last_idx;
