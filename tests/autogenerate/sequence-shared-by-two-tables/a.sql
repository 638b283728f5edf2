CREATE TABLE dog (id serial PRIMARY KEY, name text);
CREATE TABLE cat (id serial PRIMARY KEY, name text);
