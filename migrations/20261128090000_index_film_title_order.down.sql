-- migrate: no-transaction
DROP INDEX CONCURRENTLY public.film_title_order_idx;
