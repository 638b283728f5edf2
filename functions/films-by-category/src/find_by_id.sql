-- The category with this id.
SELECT category_id
FROM category
WHERE category_id = $1
