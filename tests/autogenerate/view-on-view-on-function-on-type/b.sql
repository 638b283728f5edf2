CREATE TYPE grade AS ENUM ('awful', 'good', 'great');
CREATE TABLE film (film_id integer PRIMARY KEY, stars integer, grade grade DEFAULT 'good');
CREATE FUNCTION grade_of(stars integer) RETURNS grade LANGUAGE sql IMMUTABLE AS $$ SELECT CASE WHEN stars > 4 THEN 'great' WHEN stars > 3 THEN 'good' ELSE 'awful' END::public.grade $$;
CREATE VIEW graded AS SELECT film_id, grade_of(stars) AS grade FROM film;
CREATE VIEW good AS SELECT film_id FROM graded WHERE grade >= 'good';
CREATE MATERIALIZED VIEW grade_count AS SELECT grade, count(*) AS n FROM graded GROUP BY grade;
CREATE UNIQUE INDEX grade_count_idx ON grade_count (grade);
