-- This session runs no migration any more, and may stay open for a while.
DELETE FROM migrate.runner
WHERE pid = pg_backend_pid()
