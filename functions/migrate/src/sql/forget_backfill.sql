-- A migration is complete, so the record of its rounds is no longer needed.
DELETE FROM migrate.backfill
WHERE version = $1
