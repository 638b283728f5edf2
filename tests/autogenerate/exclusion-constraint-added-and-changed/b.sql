CREATE EXTENSION btree_gist;
CREATE TABLE booking (booking_id integer PRIMARY KEY, room integer NOT NULL, during tstzrange NOT NULL, cancelled boolean DEFAULT false NOT NULL,
    CONSTRAINT booking_overlap EXCLUDE USING gist (room WITH =, during WITH &&) WHERE (NOT cancelled));
CREATE TABLE shift (shift_id integer PRIMARY KEY, hours int4range NOT NULL, CONSTRAINT shift_overlap EXCLUDE USING gist (hours WITH -|-) DEFERRABLE);
