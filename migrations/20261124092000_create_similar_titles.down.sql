DROP FUNCTION public.similar_titles(text);
