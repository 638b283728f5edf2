CREATE TABLE staff (staff_id serial PRIMARY KEY, name text);
CREATE TABLE badge (
    badge_id serial PRIMARY KEY,
    staff_id integer REFERENCES staff,
    colour text DEFAULT 'red'
);
CREATE INDEX badge_staff_idx ON badge (staff_id);
