-- A statement is known to have had no effect.
DELETE FROM migrate.statement
WHERE version = $1 AND position = $2
