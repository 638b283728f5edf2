CREATE TABLE film (year integer, title text, film_id integer);
DROP TABLE film;
CREATE TABLE film (film_id int4, title text, year int, PRIMARY KEY (film_id));
create or replace view public.v (film_id, title) as
    select f.film_id, f.title from public.film as f
    where f.year = any (array[1979, 1985]) and f.title !~~ 'A%';
CREATE FUNCTION public.f(integer) RETURNS integer AS $$select 1$$ LANGUAGE sql VOLATILE CALLED ON NULL INPUT COST 100;
