-- Rentals with their film. A day is 24 hours, whatever the session's time zone.
SELECT rental.rental_id, rental.rental_date, due.due_date, rental.return_date,
       CASE WHEN rental.return_date IS NOT NULL THEN 'returned'
            WHEN due.due_date < now() THEN 'overdue'
            ELSE 'open'
       END AS status,
       film.film_id, film.title, rental.inventory_id, rental.staff_id
FROM rental
JOIN inventory USING (inventory_id)
JOIN film USING (film_id)
CROSS JOIN LATERAL (
    SELECT rental.rental_date + film.rental_duration * interval '24 hours' AS due_date
) AS due
