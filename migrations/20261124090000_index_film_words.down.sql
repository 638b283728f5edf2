-- migrate: no-transaction
DROP INDEX CONCURRENTLY public.film_fulltext_words_idx;
