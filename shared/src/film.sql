-- A film with the name of its language. The casts keep the digits of NUMERIC, and save a new
-- connection the three statements with which the driver looks up an enum and a domain. A join with
-- language would take twice as long to plan.
SELECT film.film_id, film.title, film.description, film.release_year::integer AS release_year,
       (SELECT rtrim(name) FROM language WHERE language.language_id = film.language_id) AS language,
       film.language_id, film.rental_duration, film.rental_rate::text AS rental_rate, film.length,
       film.replacement_cost::text AS replacement_cost, film.rating::text AS rating,
       film.special_features, film.last_update, film.streaming_available
FROM film
