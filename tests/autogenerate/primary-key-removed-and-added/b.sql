CREATE TABLE one (id integer NOT NULL, n integer NOT NULL);
CREATE TABLE two (id integer NOT NULL, n integer, CONSTRAINT two_pk PRIMARY KEY (id) INCLUDE (n));
CREATE TABLE three (id integer PRIMARY KEY DEFERRABLE);
