-- Lists in the order of their titles, page by page, and the look-up of one exact title.
-- migrate: no-transaction
CREATE INDEX CONCURRENTLY film_title_idx ON public.film (title);
