-- The revision at which Alembic left a database.
SELECT version_num::text AS revision
FROM public.alembic_version
ORDER BY version_num
LIMIT 1
