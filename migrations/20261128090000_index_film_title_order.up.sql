-- Films by title whatever its case, which also finds the titles that start with some text. The order
-- is that of bytes: it is the same on every server, and an update of its locales cannot change it.
-- A query must repeat the expression as it is here. Earlier versions of the functions order by
-- film_title_idx. Drop it in a later deployment.
-- migrate: no-transaction
CREATE INDEX CONCURRENTLY film_title_order_idx ON public.film ((lower(title) COLLATE "C"), film_id);
