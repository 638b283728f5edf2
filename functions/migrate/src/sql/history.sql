-- Every migration that the database has, whole or half, oldest first.
SELECT version, name, checksum, down, state, stamped, applied_by, applied_at
FROM migrate.history
ORDER BY version
