-- One film with its categories and actors, in one round trip. The lists are compact JSON in a total
-- order; json_agg and json_build_object would add spaces.
SELECT film.film_id, film.title, film.description, film.release_year::integer AS release_year,
       (SELECT rtrim(name) FROM language WHERE language.language_id = film.language_id) AS language,
       film.language_id, film.rental_duration, film.rental_rate::text AS rental_rate, film.length,
       film.replacement_cost::text AS replacement_cost, film.rating::text AS rating,
       film.special_features, film.last_update, film.streaming_available,
       (SELECT '[' || coalesce(string_agg(row_to_json(item)::text, ',' ORDER BY name, category_id), '') || ']'
        FROM (SELECT category_id, name
              FROM film_category
              JOIN category USING (category_id)
              WHERE film_category.film_id = film.film_id) AS item) AS categories,
       (SELECT '[' || coalesce(string_agg(row_to_json(item)::text, ',' ORDER BY last_name, first_name, actor_id), '') || ']'
        FROM (SELECT actor_id, first_name, last_name
              FROM film_actor
              JOIN actor USING (actor_id)
              WHERE film_actor.film_id = film.film_id) AS item) AS actors
FROM film
WHERE film.film_id = $1
