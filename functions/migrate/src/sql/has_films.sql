-- Whether a database has the sample tables.
SELECT to_regclass('public.film') IS NOT NULL AS has_films
