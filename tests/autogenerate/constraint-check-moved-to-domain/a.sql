CREATE TABLE person (person_id integer PRIMARY KEY, email text NOT NULL, CONSTRAINT person_email_check CHECK (email LIKE '%@%'));
CREATE TABLE invite (invite_id integer PRIMARY KEY, email text, CONSTRAINT invite_email_check CHECK (email LIKE '%@%'));
CREATE UNIQUE INDEX person_email_idx ON person (lower(email));
