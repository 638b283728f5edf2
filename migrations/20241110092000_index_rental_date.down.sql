DROP INDEX public.rental_rental_date_idx;
