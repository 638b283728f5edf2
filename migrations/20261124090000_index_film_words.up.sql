-- Words in title and description together, as film.fulltext mixes them. Pagila's own index on it is
-- GiST, whose lossy signatures send a search at a hundred thousand films to most of the table.
-- migrate: no-transaction
CREATE INDEX CONCURRENTLY film_fulltext_words_idx ON public.film USING gin (fulltext);
