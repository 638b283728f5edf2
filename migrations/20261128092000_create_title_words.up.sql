-- The words of all titles: some thousand for a million films. A misspelt search finds the closest
-- words here, and then the films that have them.

CREATE TABLE public.title_word (
    word text PRIMARY KEY
);
ALTER TABLE public.title_word OWNER TO interview_owner;
CREATE INDEX title_word_trigram_idx ON public.title_word USING gin (word public.gin_trgm_ops);
GRANT SELECT ON public.title_word TO interview_catalogue;

-- A word stays when the last film with it goes. It then leads to no film. Words are inserted in one
-- order, so that two statements with the same new words cannot deadlock.
CREATE FUNCTION public.add_title_words() RETURNS trigger
    LANGUAGE plpgsql
    SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
    AS $$
BEGIN
    INSERT INTO public.title_word (word)
    SELECT DISTINCT word
    FROM changed, unnest(tsvector_to_array(to_tsvector('simple', title))) AS word
    WHERE NOT EXISTS (SELECT FROM public.title_word AS known WHERE known.word = word.word)
    ORDER BY word
    ON CONFLICT DO NOTHING;
    RETURN NULL;
END
$$;
ALTER FUNCTION public.add_title_words() OWNER TO interview_owner;
REVOKE EXECUTE ON FUNCTION public.add_title_words() FROM PUBLIC;

-- Writes to film wait from here until the words of all films are in the table. Reads go on.
CREATE TRIGGER title_words_of_inserted AFTER INSERT ON public.film
    REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION public.add_title_words();
CREATE TRIGGER title_words_of_updated AFTER UPDATE ON public.film
    REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION public.add_title_words();

INSERT INTO public.title_word (word)
SELECT DISTINCT unnest(tsvector_to_array(to_tsvector('simple', title))) FROM public.film;

-- The films whose titles are close to what somebody has typed, however it is misspelt: at most 500
-- with a word close to each of the typed ones, and 500 with a word close to any of them. Only the first
-- ten typed words in alphabetical order count, and only those with a close word. A long one may be
-- several words typed without a space.
--
-- To name a setting of pg_trgm, its library must be loaded.
DO $$
BEGIN
    PERFORM public.show_limit();
    CREATE OR REPLACE FUNCTION public.similar_titles(sought text)
        RETURNS TABLE (film_id integer, rank real)
        LANGUAGE plpgsql STABLE PARALLEL SAFE ROWS 100
        SET pg_trgm.word_similarity_threshold = 0.45
        AS $body$
    DECLARE
        all_words tsquery;
        any_word tsquery;
    BEGIN
        SELECT string_agg(close.words, ' & ')::tsquery, string_agg(close.words, ' | ')::tsquery
        INTO all_words, any_word
        FROM (SELECT unnest(tsvector_to_array(to_tsvector('simple', sought))) LIMIT 10)
            AS typed (word)
        CROSS JOIN LATERAL (
            SELECT '(' || string_agg(closest.word::text, ' | ') || ')'
            FROM (
                SELECT plainto_tsquery('english', title_word.word)
                FROM public.title_word
                WHERE typed.word OPERATOR(public.<%) title_word.word
                    OR (length(typed.word) >= 8
                        AND title_word.word OPERATOR(public.<%) typed.word)
                ORDER BY public.word_similarity(typed.word, title_word.word)
                    + public.similarity(typed.word, title_word.word) DESC, title_word.word
                LIMIT 5
            ) AS closest (word)
            WHERE numnode(closest.word) > 0
        ) AS close (words);
        RETURN QUERY
        SELECT candidate.film_id,
               -- Of two titles that have the word, the shorter one is the closer.
               (public.word_similarity(sought, candidate.title)
                + public.similarity(sought, candidate.title)) * 0.5::real
        FROM (
            (SELECT film.film_id, film.title FROM public.film
             WHERE to_tsvector('english', film.title) @@ all_words LIMIT 500)
            UNION
            (SELECT film.film_id, film.title FROM public.film
             WHERE to_tsvector('english', film.title) @@ any_word AND any_word <> all_words
             LIMIT 500)
        ) AS candidate
        WHERE sought OPERATOR(public.<%) candidate.title;
    END
    $body$;
END
$$;
