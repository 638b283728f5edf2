-- The films of one year, or of a span of years.
CREATE INDEX film_release_year_idx ON public.film (release_year);
