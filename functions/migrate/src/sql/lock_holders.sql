-- The session that holds the lock of lock.sql. pg_locks shows the key in two halves.
SELECT pg_locks.pid, pg_stat_activity.usename::text AS user_name,
       pg_stat_activity.application_name AS application, pg_stat_activity.state,
       extract(epoch FROM clock_timestamp() - pg_stat_activity.xact_start)::double precision AS seconds,
       left(pg_stat_activity.query, 200) AS query
FROM pg_locks
LEFT JOIN pg_stat_activity USING (pid)
WHERE locktype = 'advisory'
  AND granted
  AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
  AND (classid::bigint << 32 | objid::bigint) = 30796665482998885
