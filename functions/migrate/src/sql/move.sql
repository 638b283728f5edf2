-- The file of a migration has moved to another version: its record follows, with its progress.
WITH progress AS (
    UPDATE migrate.statement SET version = $2 WHERE version = $1
), backfill AS (
    UPDATE migrate.backfill SET version = $2 WHERE version = $1
), runner AS (
    UPDATE migrate.runner SET version = $2 WHERE version = $1
)
UPDATE migrate.history SET version = $2, moved_from = $1 WHERE version = $1
