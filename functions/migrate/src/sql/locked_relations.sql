-- The names of relations that migrations may lock.
SELECT pg_class.oid, format('%I.%I', nspname, relname) AS name
FROM pg_class
JOIN pg_namespace ON pg_namespace.oid = relnamespace
WHERE pg_class.oid = ANY ($1) AND nspname NOT IN ('migrate', 'pg_toast')
