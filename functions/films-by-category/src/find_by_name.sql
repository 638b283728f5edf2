-- The categories with this name in any case ($1), or else those whose name contains it ($2, a LIKE
-- pattern).
WITH named AS (
    SELECT category_id
    FROM category
    WHERE lower(name) = lower($1)
)
SELECT category_id
FROM named
UNION ALL
SELECT category_id
FROM category
WHERE name ILIKE $2
  AND NOT EXISTS (SELECT FROM named)
