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
