-- What was rented in a span of time. The unique key begins with rental_date too, but a narrow index
-- answers a report on dates alone from fewer pages.
-- migrate: no-transaction
CREATE INDEX CONCURRENTLY rental_rental_date_idx ON public.rental (rental_date);
