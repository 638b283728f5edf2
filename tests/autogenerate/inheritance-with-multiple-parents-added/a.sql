CREATE TABLE base (id integer NOT NULL, created timestamptz DEFAULT now());
