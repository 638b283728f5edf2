CREATE TABLE t (id integer PRIMARY KEY);
ALTER TABLE t OWNER TO pair_owner;
