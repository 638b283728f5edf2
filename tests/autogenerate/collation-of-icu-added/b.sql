CREATE COLLATION german (provider = icu, locale = 'de-u-co-phonebk');
CREATE COLLATION any_case (provider = icu, locale = 'und-u-ks-level2', deterministic = false);
CREATE TABLE person (person_id integer PRIMARY KEY, name text COLLATE german, city text COLLATE any_case);
CREATE INDEX person_name_idx ON person (name);
CREATE VIEW sorted AS SELECT name FROM person ORDER BY name;
COMMENT ON COLLATION german IS 'As in a phone book';
