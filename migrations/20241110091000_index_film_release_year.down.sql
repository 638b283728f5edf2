DROP INDEX public.film_release_year_idx;
