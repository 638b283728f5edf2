-- The films of a category, in the order of their ids. The primary key begins with film_id, and so
-- answers only the opposite question.
-- migrate: no-transaction
CREATE INDEX CONCURRENTLY film_category_category_id_film_id_idx ON public.film_category (category_id, film_id);
