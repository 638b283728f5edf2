CREATE TABLE device (device_id integer PRIMARY KEY);
CREATE TABLE reading (device_id integer NOT NULL REFERENCES device, at timestamptz DEFAULT now() NOT NULL, value double precision, CONSTRAINT reading_pk PRIMARY KEY (device_id, at)) PARTITION BY HASH (device_id);
CREATE TABLE reading_0 PARTITION OF reading FOR VALUES WITH (MODULUS 2, REMAINDER 0);
CREATE TABLE reading_1 PARTITION OF reading FOR VALUES WITH (MODULUS 2, REMAINDER 1);
CREATE INDEX reading_at_idx ON reading USING brin (at);
CREATE TABLE alarm (alarm_id integer PRIMARY KEY, device_id integer, at timestamptz, FOREIGN KEY (device_id, at) REFERENCES reading ON DELETE SET NULL);
ALTER TABLE reading OWNER TO pair_owner;
CREATE VIEW latest AS SELECT device_id, max(at) AS at FROM reading GROUP BY device_id;
