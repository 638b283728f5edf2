-- No function uses these indexes since 20261128090000_index_film_title_order and
-- 20261128091000_index_film_search. The planner still chose film_title_idx, to count titles.
-- migrate: no-transaction
DROP INDEX CONCURRENTLY public.film_title_idx;
DROP INDEX CONCURRENTLY public.film_fulltext_words_idx;
