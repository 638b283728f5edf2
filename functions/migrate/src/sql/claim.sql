-- This session runs a migration outside of a transaction, unless the session that ran it before still
-- lives. The lock on the row of the history waits for a runner that completes the migration just now.
INSERT INTO migrate.runner (version, pid, backend_start)
SELECT history.version, pg_stat_activity.pid, pg_stat_activity.backend_start
FROM migrate.history
CROSS JOIN pg_stat_activity
WHERE history.version = $1 AND history.state <> 'applied' AND pg_stat_activity.pid = pg_backend_pid()
FOR NO KEY UPDATE OF history
ON CONFLICT (version)
DO UPDATE SET pid = excluded.pid, backend_start = excluded.backend_start
WHERE NOT EXISTS (SELECT
                  FROM pg_stat_activity
                  WHERE pid = runner.pid AND backend_start = runner.backend_start AND pid <> pg_backend_pid())
