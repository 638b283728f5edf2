-- A migration is complete, so the records of its progress are no longer needed.
WITH released AS (
    DELETE FROM migrate.runner
    WHERE version = $1
)
DELETE FROM migrate.statement
WHERE version = $1
