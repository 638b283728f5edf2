-- The films whose titles are close to what somebody has typed, however it is misspelt: at most 500
-- with a word close to each of the typed ones, and 500 with the closest word of any of the three longest.
-- The two shortest of five have too few letters to make a title close. An index finds all films with any
-- of these words before the first 500, so the fewer they are the better.
--
-- Only the first 100 characters count, of them the five longest words that are not as common as `the`,
-- and of these only those with a close word. A long one may be several words typed without a space.
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
        typed_text CONSTANT text := left(sought, 100);
        all_words tsquery;
        any_word tsquery;
    BEGIN
        SELECT string_agg(close.words, ' & ')::tsquery,
               CASE WHEN count(*) > 1
                    THEN string_agg(close.closest, ' | ') FILTER (WHERE typed.place <= 3)
               END::tsquery
        INTO all_words, any_word
        FROM (
            SELECT word, row_number() OVER (ORDER BY length(word) DESC, word)
            FROM unnest(tsvector_to_array(to_tsvector('simple', typed_text))) AS word
            WHERE length(to_tsvector('english', word)) > 0
            ORDER BY 2
            LIMIT 5
        ) AS typed (word, place)
        CROSS JOIN LATERAL (
            SELECT '(' || string_agg(closest.word::text, ' | ') || ')',
                   (array_agg(closest.word::text))[1]
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
        ) AS close (words, closest)
        WHERE close.words IS NOT NULL;
        RETURN QUERY
        SELECT candidate.film_id,
               -- Of two titles that have the word, the shorter one is the closer.
               (public.word_similarity(typed_text, candidate.title)
                + public.similarity(typed_text, candidate.title)) * 0.5::real
        FROM (
            (SELECT film.film_id, film.title FROM public.film
             WHERE to_tsvector('english', film.title) @@ all_words LIMIT 500)
            UNION
            (SELECT film.film_id, film.title FROM public.film
             WHERE to_tsvector('english', film.title) @@ any_word LIMIT 500)
        ) AS candidate
        WHERE typed_text OPERATOR(public.<%) candidate.title;
    END
    $body$;
END
$$;
