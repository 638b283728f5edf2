-- The invalid indexes that a REINDEX CONCURRENTLY has left beside what it rebuilds: a relation ($1), a
-- schema ($2) or the whole database (neither). Those of TOAST tables belong to it. PostgreSQL cuts a long
-- name before it adds _ccnew or _ccold, and perhaps a number.
WITH rebuilt AS (
    SELECT relid::oid AS oid
    FROM pg_partition_tree(to_regclass($1))
    UNION
    SELECT oid
    FROM pg_class
    WHERE CASE
        WHEN $1::text IS NOT NULL THEN oid = to_regclass($1)
        ELSE relkind IN ('r', 'm') AND ($2::text IS NULL OR relnamespace = to_regnamespace($2))
    END
), tables AS (
    SELECT oid FROM rebuilt
    UNION
    SELECT reltoastrelid FROM pg_class WHERE oid IN (SELECT oid FROM rebuilt)
)
SELECT format('%I.%I', nspname, leftover.relname) AS name,
       leftover.relname ~ '_ccold[0-9]*$' AS is_old,
       nspname = 'pg_toast' AS is_toast,
       (SELECT count(*) FROM rebuilt) = 1 AS is_only
FROM pg_index
JOIN pg_class AS leftover ON leftover.oid = pg_index.indexrelid
JOIN pg_namespace ON pg_namespace.oid = leftover.relnamespace
CROSS JOIN regexp_replace(leftover.relname, '_cc(new|old)[0-9]*$', '') AS stem
WHERE NOT indisvalid
    AND stem <> leftover.relname
    AND EXISTS (
        SELECT
        FROM pg_index AS other
        JOIN pg_class AS original ON original.oid = other.indexrelid
        WHERE other.indrelid = pg_index.indrelid
            AND (original.oid IN (SELECT oid FROM rebuilt) OR other.indrelid IN (SELECT oid FROM tables))
            AND (original.relname = stem
                 OR octet_length(leftover.relname) >= 60 AND starts_with(original.relname, stem))
    )
ORDER BY is_toast, name
