CREATE TABLE base (id integer NOT NULL, created timestamptz DEFAULT now());
CREATE TABLE named (id integer NOT NULL, name varchar(20) DEFAULT 'x' COLLATE "C" NOT NULL, CHECK (name <> '') NO INHERIT, CHECK (id > 0));
CREATE TABLE both_of (id integer DEFAULT 7 NOT NULL, name varchar(20) DEFAULT 'y' COLLATE "C" NOT NULL, own text, PRIMARY KEY (id)) INHERITS (named, base);
ALTER TABLE both_of ALTER COLUMN created SET DEFAULT clock_timestamp();
