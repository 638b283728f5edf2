CREATE SEQUENCE code_seq AS integer;
CREATE TABLE t (id integer PRIMARY KEY, code text DEFAULT ('C' || nextval('code_seq')::text), number integer DEFAULT nextval('code_seq'));
ALTER SEQUENCE code_seq OWNED BY t.number;
