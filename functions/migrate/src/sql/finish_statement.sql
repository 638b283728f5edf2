-- A statement has taken effect. Its start may not be recorded.
INSERT INTO migrate.statement (version, position, hash, sql, finished_at)
VALUES ($1, $2, $3, $4, clock_timestamp())
ON CONFLICT (version, position)
DO UPDATE SET hash = excluded.hash, sql = excluded.sql, finished_at = clock_timestamp()
