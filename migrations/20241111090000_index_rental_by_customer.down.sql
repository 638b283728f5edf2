-- migrate: no-transaction
DROP INDEX CONCURRENTLY public.rental_customer_id_rental_date_rental_id_idx;
