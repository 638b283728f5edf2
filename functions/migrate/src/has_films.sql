-- Whether a database has Pagila's films.
SELECT to_regclass('public.film') IS NOT NULL AS has_table
