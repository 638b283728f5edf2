-- migrate: no-transaction
DROP INDEX CONCURRENTLY public.film_category_category_id_film_id_idx;
