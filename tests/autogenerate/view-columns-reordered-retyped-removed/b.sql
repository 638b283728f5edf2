CREATE TABLE film (film_id integer PRIMARY KEY, title text, year integer);
CREATE VIEW base AS SELECT title, film_id::bigint AS film_id FROM film;
CREATE VIEW middle AS SELECT film_id, title FROM base;
CREATE VIEW leaf AS SELECT title FROM middle;
COMMENT ON COLUMN base.title IS 'Title';
COMMENT ON VIEW leaf IS 'Leaf';
GRANT SELECT (film_id) ON base TO pair_reader;
ALTER VIEW leaf ALTER COLUMN title SET DEFAULT 'none';
