CREATE SEQUENCE animal_id_seq AS integer;
CREATE TABLE dog (id integer DEFAULT nextval('animal_id_seq'::regclass) NOT NULL PRIMARY KEY, name text);
CREATE TABLE cat (id integer DEFAULT nextval('animal_id_seq'::regclass) NOT NULL PRIMARY KEY, name text);
