-- migrate: no-transaction
DROP INDEX CONCURRENTLY public.rental_rental_date_idx;
