CREATE TABLE person (person_id integer PRIMARY KEY, name text, salary numeric);
GRANT SELECT (person_id, salary) ON person TO pair_reader;
GRANT UPDATE (name), REFERENCES (person_id), INSERT (name) ON person TO pair_writer;
GRANT DELETE ON person TO pair_writer;
