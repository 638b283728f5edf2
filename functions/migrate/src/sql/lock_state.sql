-- The server process, and whether it holds the lock of lock.sql.
SELECT pg_backend_pid() AS pid,
       EXISTS (SELECT
               FROM pg_locks
               WHERE pid = pg_backend_pid()
                   AND locktype = 'advisory'
                   AND granted
                   AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
                   AND objsubid = 1
                   AND (classid::bigint << 32 | objid::bigint) = 30796665482998885) AS is_held
