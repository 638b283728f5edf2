WHERE film.title ILIKE $1
ORDER BY film.film_id
LIMIT $2 OFFSET $3
