DROP TRIGGER count_truncated ON public.film_category;
DROP TRIGGER count_deleted ON public.film_category;
DROP TRIGGER count_updated ON public.film_category;
DROP TRIGGER count_inserted ON public.film_category;
DROP FUNCTION public.count_films_of_categories();
DROP TABLE public.category_film_count;
