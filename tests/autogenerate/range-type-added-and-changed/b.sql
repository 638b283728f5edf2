CREATE TYPE float_range AS RANGE (subtype = float8, subtype_diff = float8mi);
CREATE FUNCTION time_diff(a time, b time) RETURNS double precision LANGUAGE sql IMMUTABLE STRICT RETURN EXTRACT(epoch FROM (a - b))::double precision;
CREATE TYPE time_range AS RANGE (subtype = time, subtype_diff = time_diff, multirange_type_name = time_ranges);
CREATE TABLE reading (reading_id integer PRIMARY KEY, span float_range, hours time_range, closed time_ranges DEFAULT '{}');
CREATE INDEX reading_hours_idx ON reading USING gist (hours);
