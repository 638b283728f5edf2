CREATE DOMAIN email AS text CHECK (VALUE LIKE '%@%');
CREATE TABLE person (person_id integer PRIMARY KEY, email email NOT NULL);
CREATE TABLE invite (invite_id integer PRIMARY KEY, email email);
CREATE UNIQUE INDEX person_email_idx ON person (lower(email));
