DO $$
BEGIN
    PERFORM public.show_limit();
    CREATE OR REPLACE FUNCTION public.similar_titles(sought text)
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

DROP TRIGGER title_words_of_updated ON public.film;
DROP TRIGGER title_words_of_inserted ON public.film;
DROP FUNCTION public.add_title_words();
DROP TABLE public.title_word;
