CREATE TABLE t (id integer, n integer);
CREATE TABLE u (a integer NOT NULL, b integer, c integer, PRIMARY KEY (a));
