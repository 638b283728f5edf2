-- Whether an index is there, and whole.
SELECT indisvalid
FROM pg_index
WHERE indexrelid = to_regclass($1)
