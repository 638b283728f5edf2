-- A part of a title, wherever it stands: title ILIKE '%inos%', which no ordered index can answer.
--
-- pg_trgm is a trusted extension, so the database's owner may create it. The comment tells the way
-- back that it was made here; one that was there before is left alone.
-- migrate: no-transaction
DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_extension WHERE extname = 'pg_trgm') THEN
        CREATE EXTENSION pg_trgm SCHEMA public;
        COMMENT ON EXTENSION pg_trgm
            IS 'made by the migration 20241113090000_index_film_title_trigrams';
    END IF;
END
$$;

CREATE INDEX CONCURRENTLY film_title_trigram_idx ON public.film USING gin (title public.gin_trgm_ops);
