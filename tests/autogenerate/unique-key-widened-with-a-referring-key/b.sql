CREATE TABLE place (country char(2) NOT NULL, code text NOT NULL, name text, CONSTRAINT place_code_key UNIQUE (country, code));
CREATE TABLE trip (trip_id integer PRIMARY KEY, code text, country char(2), CONSTRAINT trip_place_fk FOREIGN KEY (country, code) REFERENCES place (country, code) MATCH FULL);
