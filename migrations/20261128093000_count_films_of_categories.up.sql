-- The number of films in each category, so that nobody has to count a million rows. It is the sum of
-- a category's rows: each statement that changes film_category adds a row with the difference. So no
-- transaction waits for another one, and each sees the number that fits the rows that it sees. Only
-- TRUNCATE locks the numbers as well.

CREATE TABLE public.category_film_count (
    category_id integer NOT NULL,
    films bigint NOT NULL
);
-- Each write leaves dead rows.
ALTER TABLE public.category_film_count
    SET (autovacuum_vacuum_threshold = 200, autovacuum_vacuum_scale_factor = 0);
ALTER TABLE public.category_film_count OWNER TO interview_owner;
GRANT SELECT ON public.category_film_count TO interview_catalogue;

-- Replaces the rows of each changed category by their sum with the difference. It leaves out rows
-- that another transaction is replacing: the category then has one row more, until a later statement.
-- Above READ COMMITTED, a row that was replaced meanwhile is an error, so all rows are left out.
CREATE FUNCTION public.count_films_of_categories() RETURNS trigger
    LANGUAGE plpgsql
    SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    changed integer[];
    differences bigint[];
BEGIN
    CASE TG_OP
    WHEN 'INSERT' THEN
        SELECT array_agg(category_id), array_agg(films) INTO changed, differences
        FROM (SELECT category_id, count(*) FROM inserted GROUP BY category_id)
            AS change (category_id, films);
    WHEN 'DELETE' THEN
        SELECT array_agg(category_id), array_agg(films) INTO changed, differences
        FROM (SELECT category_id, -count(*) FROM deleted GROUP BY category_id)
            AS change (category_id, films);
    WHEN 'UPDATE' THEN
        SELECT array_agg(category_id), array_agg(films) INTO changed, differences
        FROM (
            SELECT category_id, sum(films)
            FROM (
                SELECT category_id, 1 FROM inserted
                UNION ALL
                SELECT category_id, -1 FROM deleted
            ) AS row (category_id, films)
            GROUP BY category_id
            HAVING sum(films) <> 0
        ) AS change (category_id, films);
    WHEN 'TRUNCATE' THEN
        TRUNCATE public.category_film_count;
    END CASE;

    WITH free AS MATERIALIZED (
        SELECT ctid
        FROM public.category_film_count
        WHERE category_id = ANY (changed)
            AND current_setting('transaction_isolation') = 'read committed'
        FOR UPDATE SKIP LOCKED
    ), replaced AS (
        DELETE FROM public.category_film_count
        WHERE ctid IN (SELECT ctid FROM free)
        RETURNING category_id, films
    )
    INSERT INTO public.category_film_count (category_id, films)
    SELECT category_id, sum(films)
    FROM (
        SELECT category_id, films FROM replaced
        UNION ALL
        SELECT category_id, films FROM unnest(changed, differences) AS change (category_id, films)
    ) AS part
    GROUP BY category_id;
    RETURN NULL;
END
$$;
ALTER FUNCTION public.count_films_of_categories() OWNER TO interview_owner;
REVOKE EXECUTE ON FUNCTION public.count_films_of_categories() FROM PUBLIC;

-- Writes to film_category wait from here until its rows are counted. Reads go on.
CREATE TRIGGER count_inserted AFTER INSERT ON public.film_category
    REFERENCING NEW TABLE AS inserted
    FOR EACH STATEMENT EXECUTE FUNCTION public.count_films_of_categories();
CREATE TRIGGER count_updated AFTER UPDATE ON public.film_category
    REFERENCING OLD TABLE AS deleted NEW TABLE AS inserted
    FOR EACH STATEMENT EXECUTE FUNCTION public.count_films_of_categories();
CREATE TRIGGER count_deleted AFTER DELETE ON public.film_category
    REFERENCING OLD TABLE AS deleted
    FOR EACH STATEMENT EXECUTE FUNCTION public.count_films_of_categories();
CREATE TRIGGER count_truncated AFTER TRUNCATE ON public.film_category
    FOR EACH STATEMENT EXECUTE FUNCTION public.count_films_of_categories();

INSERT INTO public.category_film_count (category_id, films)
SELECT category_id, count(*) FROM public.film_category GROUP BY category_id;
