-- The words of a film.
SELECT film.film_id, film.fulltext, film.title
FROM film
