CREATE TABLE a (id serial PRIMARY KEY);
CREATE TABLE b (id serial PRIMARY KEY, a_id integer REFERENCES a);
CREATE TABLE c (id serial PRIMARY KEY, b_id integer REFERENCES b);
