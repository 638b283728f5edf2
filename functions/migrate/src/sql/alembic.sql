-- The revision that Alembic has recorded.
SELECT version_num::text AS revision
FROM public.alembic_version
ORDER BY version_num
LIMIT 1
