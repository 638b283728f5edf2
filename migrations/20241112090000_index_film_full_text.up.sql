-- Words in a title or in a description, in any of their English forms. The column fulltext mixes
-- the two; a search in one of them needs an index of its own. A query must repeat the expression
-- as it stands here, with the configuration named, to be answered from it.
-- migrate: no-transaction
CREATE INDEX CONCURRENTLY film_title_english_idx ON public.film USING gin (to_tsvector('english', title));
CREATE INDEX CONCURRENTLY film_description_english_idx
    ON public.film USING gin (to_tsvector('english', description));
