CREATE TYPE person_type AS (id integer, name text, born date);
CREATE TABLE person OF person_type (PRIMARY KEY (id), name DEFAULT 'nobody');
