-- A statement that cannot run in a transaction starts. Its outcome is in doubt from now on.
INSERT INTO migrate.statement (version, position, hash, sql)
VALUES ($1, $2, $3, $4)
ON CONFLICT (version, position)
DO UPDATE SET hash = excluded.hash, sql = excluded.sql, started_at = clock_timestamp(), finished_at = NULL
