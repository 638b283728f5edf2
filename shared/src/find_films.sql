-- The ids of films. An index has them, so that PostgreSQL need not read the films that a page skips.
SELECT film.film_id
FROM film
