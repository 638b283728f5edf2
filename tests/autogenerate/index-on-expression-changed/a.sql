CREATE TABLE person (person_id integer PRIMARY KEY, first text, last text, info jsonb);
CREATE INDEX person_name_idx ON person (lower(last), lower(first));
CREATE INDEX person_city_idx ON person ((info ->> 'city'));
