-- A round has touched this many rows.
UPDATE migrate.backfill
SET rows = rows + $2
WHERE version = $1
RETURNING rounds, rows
