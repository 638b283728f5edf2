DROP INDEX public.film_description_english_idx;
DROP INDEX public.film_title_english_idx;
