-- The newest migration that this database has.
SELECT max(version) AS revision
FROM migrate.history
