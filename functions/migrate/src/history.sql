-- What has been applied, oldest first.
SELECT version, name, applied_at
FROM migrate.history
ORDER BY version
