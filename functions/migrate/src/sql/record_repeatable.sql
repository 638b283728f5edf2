-- A repeatable file is applied, for the first time or again.
INSERT INTO migrate.repeatable (name, checksum)
VALUES ($1, $2)
ON CONFLICT (name) DO UPDATE
SET checksum = excluded.checksum, applied_by = excluded.applied_by, applied_at = excluded.applied_at
