-- migrate: no-transaction
CREATE INDEX CONCURRENTLY film_rental_rate_idx ON public.film (rental_rate, film_id);
CREATE INDEX CONCURRENTLY film_length_descending_idx
    ON public.film ((coalesce(length, -1)), film_id);
CREATE INDEX CONCURRENTLY film_length_unknown_last_idx
    ON public.film ((coalesce(length::integer, 32768)), film_id);
CREATE INDEX CONCURRENTLY film_release_year_descending_idx
    ON public.film ((coalesce(release_year, 0)), film_id);
CREATE INDEX CONCURRENTLY film_release_year_ascending_idx
    ON public.film ((coalesce(release_year, 9999)), film_id);
CREATE INDEX CONCURRENTLY film_title_order_idx ON public.film ((lower(title) COLLATE "C"), film_id);
DROP INDEX CONCURRENTLY public.film_title_part_idx;
DROP INDEX CONCURRENTLY public.film_rental_rate_list_idx;
DROP INDEX CONCURRENTLY public.film_length_descending_list_idx;
DROP INDEX CONCURRENTLY public.film_length_ascending_list_idx;
DROP INDEX CONCURRENTLY public.film_release_year_descending_list_idx;
DROP INDEX CONCURRENTLY public.film_release_year_ascending_list_idx;
DROP INDEX CONCURRENTLY public.film_title_list_idx;
DROP INDEX CONCURRENTLY public.film_list_idx;
ANALYZE public.film;
