-- The ids that the names of a category ($1), an actor ($2, a LIKE pattern) and a language ($3) stand
-- for. An empty text stands for none.
SELECT ARRAY(SELECT category_id FROM category WHERE lower(name) = lower($1) ORDER BY category_id)
           AS category_ids,
       ARRAY(SELECT actor_id FROM actor WHERE first_name || ' ' || last_name ILIKE $2
             ORDER BY actor_id) AS actor_ids,
       ARRAY(SELECT language_id FROM language WHERE lower(rtrim(name)) = lower($3)
             ORDER BY language_id) AS language_ids
