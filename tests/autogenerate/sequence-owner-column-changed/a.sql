CREATE SEQUENCE free_seq;
CREATE SEQUENCE owned_seq;
CREATE SEQUENCE moving_seq;
CREATE TABLE one (id bigint DEFAULT nextval('owned_seq') PRIMARY KEY, free bigint DEFAULT nextval('free_seq'), n bigint);
CREATE TABLE two (id bigint PRIMARY KEY, n bigint);
ALTER SEQUENCE owned_seq OWNED BY one.id;
ALTER SEQUENCE moving_seq OWNED BY one.n;
