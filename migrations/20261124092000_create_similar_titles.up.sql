-- The films whose titles are close to what somebody has typed, however it is misspelt.
--
-- The operator is answered from the trigram index, and compares with a setting whose default, 0.6,
-- finds no DINOSAUR for a dinosuar. The function brings its own setting, which no connection and no
-- proxy between need to know of. To name a setting of pg_trgm, its library must be loaded.
DO $$
BEGIN
    PERFORM public.show_limit();
    CREATE FUNCTION public.similar_titles(sought text)
        RETURNS TABLE (film_id integer, rank real)
        LANGUAGE sql STABLE PARALLEL SAFE ROWS 100
        SET pg_trgm.word_similarity_threshold = 0.45
        AS $body$
            SELECT film.film_id,
                   -- Of two titles that have the word, the shorter one is the closer.
                   (public.word_similarity(sought, film.title)
                    + public.similarity(sought, film.title)) / 2
            FROM public.film
            WHERE sought OPERATOR(public.<%) film.title
        $body$;
END
$$;
