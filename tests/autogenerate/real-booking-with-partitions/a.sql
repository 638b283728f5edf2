CREATE EXTENSION btree_gist;
CREATE TABLE hotel (hotel_id integer PRIMARY KEY, name text NOT NULL);
CREATE TABLE room (
    hotel_id integer NOT NULL REFERENCES hotel,
    number integer NOT NULL,
    beds smallint DEFAULT 2,
    PRIMARY KEY (hotel_id, number)
);
CREATE TABLE booking (
    booking_id bigint NOT NULL,
    hotel_id integer NOT NULL,
    number integer NOT NULL,
    first_night date NOT NULL,
    nights integer NOT NULL,
    guest text,
    CONSTRAINT booking_pk PRIMARY KEY (booking_id, first_night)
) PARTITION BY RANGE (first_night);
CREATE TABLE booking_2023 PARTITION OF booking FOR VALUES FROM ('2023-01-01') TO ('2024-01-01');
CREATE TABLE booking_2024 PARTITION OF booking FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
CREATE INDEX booking_room_idx ON booking (hotel_id, number);
CREATE VIEW occupancy AS SELECT hotel_id, first_night, count(*) AS rooms FROM booking GROUP BY hotel_id, first_night;
