-- The words of title and description, for searches. For small results, the planner prefers Pagila's
-- GiST index on fulltext, which reads most of a large table. An index on an expression of its own
-- leaves it no choice: setweight() with D, the default, changes nothing. A query must repeat it.
-- Earlier versions of the functions search film_fulltext_words_idx. Drop it in a later deployment.
-- migrate: no-transaction
CREATE INDEX CONCURRENTLY film_search_idx ON public.film USING gin (setweight(fulltext, 'D'));

-- How common each word is decides whether a search reads the index or the table.
ANALYZE public.film;

-- A search for a common word reads the first films that have it. One process must read the table, and
-- from its first row, not from where another scan happens to be, or the pages of one search would
-- differ.
DO $$
BEGIN
    EXECUTE format('ALTER ROLE interview_catalogue IN DATABASE %I SET synchronize_seqscans = off',
        current_database());
    EXECUTE format(
        'ALTER ROLE interview_catalogue IN DATABASE %I SET max_parallel_workers_per_gather = 0',
        current_database());
END
$$;
