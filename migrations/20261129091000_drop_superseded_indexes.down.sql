-- migrate: no-transaction
CREATE INDEX CONCURRENTLY film_fulltext_words_idx ON public.film USING gin (fulltext);
CREATE INDEX CONCURRENTLY film_title_idx ON public.film (title);
