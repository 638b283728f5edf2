-- migrate: no-transaction
DROP INDEX CONCURRENTLY public.film_rental_rate_idx;
DROP INDEX CONCURRENTLY public.film_length_descending_idx;
DROP INDEX CONCURRENTLY public.film_length_ascending_idx;
DROP INDEX CONCURRENTLY public.film_release_year_descending_idx;
DROP INDEX CONCURRENTLY public.film_release_year_ascending_idx;
