-- migrate: no-transaction
DO $$
BEGIN
    EXECUTE format('ALTER ROLE interview_catalogue IN DATABASE %I RESET synchronize_seqscans',
        current_database());
END
$$;
DROP INDEX CONCURRENTLY public.film_search_idx;
