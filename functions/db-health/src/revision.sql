-- The newest migration that this database has, wholly.
SELECT max(version) AS revision
FROM migrate.history
WHERE state = 'applied'
