CREATE COLLATION plain (locale = 'C');
CREATE DOMAIN plain_text AS text COLLATE plain;
CREATE TABLE person (person_id integer PRIMARY KEY, name text COLLATE plain, city text COLLATE "POSIX", zip plain_text);
CREATE INDEX person_name_idx ON person (name);
CREATE VIEW sorted AS SELECT name FROM person ORDER BY name;
COMMENT ON COLLATION plain IS 'By byte';
