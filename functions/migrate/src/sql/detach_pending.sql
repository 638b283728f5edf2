-- Whether a DETACH PARTITION CONCURRENTLY was interrupted; no row when the table has no such partition.
SELECT inhdetachpending AS is_pending
FROM pg_inherits
WHERE inhparent = to_regclass($1) AND inhrelid = to_regclass($2)
