-- Every category by name, with the number of its films, which may be 0. Triggers keep the counts.
SELECT category.category_id, category.name,
       coalesce(sum(category_film_count.films), 0)::bigint AS films
FROM category
LEFT JOIN category_film_count USING (category_id)
GROUP BY category.category_id
ORDER BY category.name, category.category_id
