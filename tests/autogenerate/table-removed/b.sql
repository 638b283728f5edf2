CREATE TABLE staff (staff_id serial PRIMARY KEY, name text);
