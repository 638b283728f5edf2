-- The films of one year, or of a span of years.
-- migrate: no-transaction
CREATE INDEX CONCURRENTLY film_release_year_idx ON public.film (release_year);
