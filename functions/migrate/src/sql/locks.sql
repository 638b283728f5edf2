-- The locks of this session on relations other than system catalogs.
SELECT relation, mode
FROM pg_locks
WHERE pid = pg_backend_pid()
    AND locktype = 'relation'
    AND granted
    AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
    -- Below are the objects that initdb makes.
    AND relation >= 16384
ORDER BY relation, mode
