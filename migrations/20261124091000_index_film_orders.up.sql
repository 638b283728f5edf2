-- The orders of the list of films, a page at a time: film_id makes every place in them its own. What
-- is unknown comes last in either direction, so that ascending and descending need a stand-in each,
-- and a query must repeat the expression as it stands here.
-- migrate: no-transaction
CREATE INDEX CONCURRENTLY film_release_year_ascending_idx
    ON public.film ((coalesce(release_year, 9999)), film_id);
CREATE INDEX CONCURRENTLY film_release_year_descending_idx
    ON public.film ((coalesce(release_year, 0)), film_id);
CREATE INDEX CONCURRENTLY film_length_ascending_idx
    ON public.film ((coalesce(length, 32767)), film_id);
CREATE INDEX CONCURRENTLY film_length_descending_idx
    ON public.film ((coalesce(length, -1)), film_id);
CREATE INDEX CONCURRENTLY film_rental_rate_idx ON public.film (rental_rate, film_id);
