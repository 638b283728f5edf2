CREATE TYPE point3 AS (x double precision, y double precision, z double precision);
CREATE TABLE place (place_id integer PRIMARY KEY, name text, at point3);
