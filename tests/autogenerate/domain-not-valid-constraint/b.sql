CREATE DOMAIN positive AS integer CONSTRAINT positive_check CHECK (VALUE > 0);
CREATE TABLE t (id integer PRIMARY KEY, n positive DEFAULT 1);
