-- The repeatable files that were applied, and with which text.
SELECT name, checksum, applied_by, applied_at
FROM migrate.repeatable
ORDER BY name
