-- The sessions that block a given session.
SELECT blocker.pid, pg_stat_activity.usename::text AS user_name,
       pg_stat_activity.application_name AS application, pg_stat_activity.state,
       extract(epoch FROM clock_timestamp() - pg_stat_activity.xact_start)::double precision AS seconds,
       left(pg_stat_activity.query, 200) AS query
FROM unnest(pg_blocking_pids($1)) AS blocker (pid)
LEFT JOIN pg_stat_activity ON pg_stat_activity.pid = blocker.pid
