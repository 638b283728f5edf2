DROP INDEX public.film_title_idx;
