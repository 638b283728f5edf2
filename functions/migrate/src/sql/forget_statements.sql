-- A migration is complete, so the records of its statements are no longer needed.
DELETE FROM migrate.statement
WHERE version = $1
