-- A migration is whole again, and its statements need not be known.
DELETE FROM migrate.statement
WHERE version = $1
