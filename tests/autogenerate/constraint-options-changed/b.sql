CREATE TABLE a (id integer, n integer, CONSTRAINT a_pk PRIMARY KEY (id) WITH (fillfactor = 80), CONSTRAINT a_n UNIQUE (n) INCLUDE (id));
CREATE TABLE b (id integer, a_id integer, CONSTRAINT b_fk FOREIGN KEY (a_id) REFERENCES a DEFERRABLE);
CREATE TABLE c (id integer, n integer, CONSTRAINT c_fk FOREIGN KEY (n) REFERENCES a (n));
