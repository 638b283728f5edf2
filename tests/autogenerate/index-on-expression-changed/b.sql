CREATE TABLE person (person_id integer PRIMARY KEY, first text, last text, info jsonb);
CREATE INDEX person_name_idx ON person (lower(last || ', ' || first) text_pattern_ops);
CREATE INDEX person_city_idx ON person ((info ->> 'city'), (info #>> '{address,zip}')) WHERE info ? 'city';
CREATE INDEX ON person USING gin (to_tsvector('english'::regconfig, coalesce(first, '') || ' ' || coalesce(last, '')));
ALTER INDEX person_city_idx ALTER COLUMN 2 SET STATISTICS 500;
