-- The categories that a name means: those of that name, whatever its case ($1); where there are
-- none, those that have it in their name ($2, a LIKE pattern).
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
