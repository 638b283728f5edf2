-- A table of the database that is not the bookkeeping of migrate, if there is one.
SELECT oid::regclass::text AS first_table
FROM pg_class
WHERE relkind IN ('r', 'p', 'f')
    AND relnamespace NOT IN (SELECT oid FROM pg_namespace
                             WHERE nspname ~ '^pg_' OR nspname IN ('information_schema', 'migrate'))
ORDER BY relname
LIMIT 1
