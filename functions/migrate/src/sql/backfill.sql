-- How far the repeated statement of a migration is.
SELECT hash, rounds, rows
FROM migrate.backfill
WHERE version = $1
