-- migrate: no-transaction
DO $$
BEGIN
    EXECUTE format('ALTER ROLE interview_catalogue IN DATABASE %I RESET synchronize_seqscans',
        current_database());
    EXECUTE format(
        'ALTER ROLE interview_catalogue IN DATABASE %I RESET max_parallel_workers_per_gather',
        current_database());
END
$$;
DROP INDEX CONCURRENTLY public.film_search_idx;
