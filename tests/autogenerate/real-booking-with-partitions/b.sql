CREATE EXTENSION btree_gist;
CREATE SEQUENCE booking_number START 1000;
CREATE TYPE booking_state AS ENUM ('held', 'confirmed', 'cancelled');
CREATE TABLE hotel (hotel_id integer PRIMARY KEY, name text NOT NULL, zone text DEFAULT 'Europe/Zurich' NOT NULL);
CREATE TABLE room (
    hotel_id integer NOT NULL REFERENCES hotel ON DELETE CASCADE,
    number integer NOT NULL,
    beds smallint DEFAULT 2 NOT NULL CHECK (beds BETWEEN 1 AND 8),
    PRIMARY KEY (hotel_id, number)
);
CREATE TABLE booking (
    booking_id bigint DEFAULT nextval('booking_number') NOT NULL,
    hotel_id integer NOT NULL,
    number integer NOT NULL,
    first_night date NOT NULL,
    nights smallint NOT NULL,
    guest varchar(200),
    state booking_state DEFAULT 'held' NOT NULL,
    last_night date GENERATED ALWAYS AS (first_night + nights::integer - 1) STORED,
    CONSTRAINT booking_pk PRIMARY KEY (booking_id, first_night),
    CONSTRAINT booking_room_fk FOREIGN KEY (hotel_id, number) REFERENCES room,
    CONSTRAINT booking_nights CHECK (nights > 0)
) PARTITION BY RANGE (first_night);
CREATE TABLE booking_2023 PARTITION OF booking FOR VALUES FROM ('2023-01-01') TO ('2024-01-01');
CREATE TABLE booking_2024 PARTITION OF booking FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
ALTER TABLE booking_2024 ADD CONSTRAINT booking_2024_overlap EXCLUDE USING gist (hotel_id WITH =, number WITH =, daterange(first_night, last_night, '[]') WITH &&) WHERE (state <> 'cancelled');
CREATE TABLE booking_2025 PARTITION OF booking FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
CREATE TABLE booking_later PARTITION OF booking DEFAULT;
CREATE INDEX booking_room_idx ON booking (hotel_id, number, first_night) WHERE state <> 'cancelled';
CREATE INDEX booking_2023_guest_idx ON booking_2023 (lower(guest::text));
CREATE VIEW occupancy AS SELECT hotel_id, first_night, count(*) AS rooms, sum(nights) AS nights FROM booking WHERE state = 'confirmed' GROUP BY hotel_id, first_night;
CREATE FUNCTION free_rooms(hotel integer, night date) RETURNS SETOF room LANGUAGE sql STABLE BEGIN ATOMIC
    SELECT * FROM room r WHERE r.hotel_id = hotel AND NOT EXISTS (SELECT FROM booking b WHERE b.hotel_id = r.hotel_id AND b.number = r.number AND night BETWEEN b.first_night AND b.last_night);
END;
ALTER SEQUENCE booking_number OWNED BY booking.booking_id;
COMMENT ON TABLE booking_later IS 'Empty, or a partition is missing';
