CREATE SEQUENCE code_seq AS bigint INCREMENT 2 OWNED BY NONE;
CREATE TABLE t (id integer PRIMARY KEY, code varchar(20) DEFAULT lpad(nextval('code_seq')::text, 6, '0'), number bigint);
GRANT USAGE ON SEQUENCE code_seq TO pair_writer;
COMMENT ON SEQUENCE code_seq IS 'Codes';
