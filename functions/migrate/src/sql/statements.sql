-- The progress of a migration outside of a transaction.
SELECT position, hash, finished_at IS NOT NULL AS finished
FROM migrate.statement
WHERE version = $1
ORDER BY position
