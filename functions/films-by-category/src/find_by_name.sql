-- The categories with this name in any case ($1), or else those whose name contains it ($2, a LIKE
-- pattern).
SELECT category_id
FROM category
WHERE lower(name) = lower($1)
   OR (name ILIKE $2
       AND NOT EXISTS (SELECT FROM category AS named WHERE lower(named.name) = lower($1)))
