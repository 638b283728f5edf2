-- Every migration that is applied, wholly or partially, oldest first.
SELECT version, name, checksum, down, state, stamped, applied_by, applied_at
FROM migrate.history
ORDER BY version
