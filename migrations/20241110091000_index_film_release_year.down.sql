-- migrate: no-transaction
DROP INDEX CONCURRENTLY public.film_release_year_idx;
