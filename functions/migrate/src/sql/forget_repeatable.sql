-- A repeatable file counts as never applied.
DELETE FROM migrate.repeatable
WHERE name = $1
