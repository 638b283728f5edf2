-- Films before they are filtered: the columns that filters and words look at.
SELECT film.film_id, film.fulltext, film.title, film.release_year, film.language_id, film.length,
       film.rating, film.streaming_available
FROM film
