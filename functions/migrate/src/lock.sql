-- Never waits: a runner that waits in the database would block the other's concurrent index.
SELECT pg_try_advisory_lock(hashtext('migrate'), 0)
