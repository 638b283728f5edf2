-- One film with its categories and actors, in one round trip: the lists as JSON, by name.
SELECT film.film_id, film.title, film.description, film.release_year::integer AS release_year,
       rtrim(language.name) AS language, film.language_id, film.rental_duration,
       film.rental_rate::text AS rental_rate, film.length,
       film.replacement_cost::text AS replacement_cost, film.rating::text AS rating,
       film.special_features, film.last_update, film.streaming_available,
       (SELECT coalesce(json_agg(json_build_object('category_id', category_id, 'name', name)
                                 ORDER BY name), '[]')
        FROM film_category
        JOIN category USING (category_id)
        WHERE film_category.film_id = film.film_id) AS categories,
       (SELECT coalesce(json_agg(json_build_object('actor_id', actor_id, 'first_name', first_name,
                                                   'last_name', last_name)
                                 ORDER BY last_name, first_name, actor_id), '[]')
        FROM film_actor
        JOIN actor USING (actor_id)
        WHERE film_actor.film_id = film.film_id) AS actors
FROM film
JOIN language USING (language_id)
WHERE film.film_id = $1
