CREATE TABLE thing (id integer PRIMARY KEY);
CREATE TABLE spare (id integer REFERENCES thing);
CREATE SEQUENCE counter;
CREATE TYPE kind AS ENUM ('a');
CREATE AGGREGATE most(integer) (SFUNC = int4larger, STYPE = integer);
