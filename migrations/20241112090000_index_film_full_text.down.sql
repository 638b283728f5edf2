-- migrate: no-transaction
DROP INDEX CONCURRENTLY public.film_description_english_idx;
DROP INDEX CONCURRENTLY public.film_title_english_idx;
