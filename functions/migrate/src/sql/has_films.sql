-- Whether a database has Pagila's tables.
SELECT to_regclass('public.film') IS NOT NULL AS has_films
