CREATE TABLE city (name text NOT NULL, people integer);
CREATE TABLE capital (name text NOT NULL, people integer, country text);
CREATE TABLE village (name text NOT NULL, people integer, mayor text);
ALTER TABLE village INHERIT city;
