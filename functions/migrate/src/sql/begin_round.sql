-- A round of a repeated statement begins. The row stays locked until its end, so that a second runner
-- waits, even where a connection pooler has released the advisory lock.
INSERT INTO migrate.backfill (version, hash, rounds, rows)
VALUES ($1, $2, 1, 0)
ON CONFLICT (version)
DO UPDATE SET hash = excluded.hash, rounds = backfill.rounds + 1, last_round_at = clock_timestamp()
