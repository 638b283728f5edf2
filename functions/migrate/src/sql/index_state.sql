-- Whether an index is valid; no row when it does not exist.
SELECT indisvalid
FROM pg_index
WHERE indexrelid = to_regclass($1)
