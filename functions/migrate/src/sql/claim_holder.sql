-- The session that runs a migration outside of a transaction.
SELECT runner.pid, pg_stat_activity.usename::text AS user_name,
       pg_stat_activity.application_name AS application, pg_stat_activity.state,
       extract(epoch FROM clock_timestamp() - pg_stat_activity.xact_start)::double precision AS seconds,
       left(pg_stat_activity.query, 200) AS query
FROM migrate.runner
LEFT JOIN pg_stat_activity USING (pid)
WHERE runner.version = $1
