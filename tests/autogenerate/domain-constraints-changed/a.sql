CREATE DOMAIN email AS text CONSTRAINT email_at CHECK (VALUE LIKE '%@%') CONSTRAINT email_short CHECK (length(VALUE) < 100);
CREATE DOMAIN quantity AS integer DEFAULT 1 NOT NULL CHECK (VALUE > 0);
CREATE TABLE person (person_id integer PRIMARY KEY, email email, many quantity);
