CREATE TABLE person (person_id integer PRIMARY KEY, name text, salary numeric);
GRANT SELECT (person_id, name) ON person TO pair_reader;
GRANT UPDATE (name) ON person TO pair_writer WITH GRANT OPTION;
GRANT SELECT (salary) ON person TO PUBLIC;
