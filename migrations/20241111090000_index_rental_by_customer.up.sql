-- One customer's rentals, newest first, a page at a time: read backwards, this index has the rows
-- in the order (rental_date DESC, rental_id DESC), and (rental_date, rental_id) < ($1, $2) is the
-- place in it where a page begins. rental_id is there because two rentals may share a moment.
-- migrate: no-transaction
CREATE INDEX CONCURRENTLY rental_customer_id_rental_date_rental_id_idx
    ON public.rental (customer_id, rental_date, rental_id);
