CREATE TABLE place (place_id integer PRIMARY KEY, name text, x double precision, y double precision, z double precision);
