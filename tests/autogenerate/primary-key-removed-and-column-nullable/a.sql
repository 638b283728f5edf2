CREATE TABLE t (id integer PRIMARY KEY, n integer);
CREATE TABLE u (a integer, b integer, c integer, PRIMARY KEY (a, b));
