-- migrate: no-transaction
DROP INDEX CONCURRENTLY public.film_title_trigram_idx;

-- Only where the way up made it. If something else uses it by now, this fails and names it.
DO $$
BEGIN
    IF (SELECT obj_description(oid, 'pg_extension') FROM pg_extension WHERE extname = 'pg_trgm')
        = 'made by the migration 20241113090000_index_film_title_trigrams'
    THEN
        DROP EXTENSION pg_trgm;
    END IF;
END
$$;
