-- Films by length, unknown lengths last. Until now 32767 stood for unknown, which is a possible
-- length: a smallint. A query must repeat the expression as it is here.
-- migrate: no-transaction
CREATE INDEX CONCURRENTLY film_length_unknown_last_idx
    ON public.film ((coalesce(length::integer, 32768)), film_id);
DROP INDEX CONCURRENTLY public.film_length_ascending_idx;
