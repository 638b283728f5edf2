-- A migration is reverted.
DELETE FROM migrate.history
WHERE version = $1
