-- Every category by name, with the number of its films, which may be 0.
SELECT category.category_id, category.name, count(film_category.film_id) AS films
FROM category
LEFT JOIN film_category USING (category_id)
GROUP BY category.category_id
ORDER BY category.name, category.category_id
