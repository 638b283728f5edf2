CREATE TABLE one (id integer PRIMARY KEY, n integer NOT NULL);
CREATE TABLE two (id integer NOT NULL, n integer);
CREATE TABLE three (id integer);
