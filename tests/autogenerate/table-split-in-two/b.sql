CREATE TABLE address (address_id serial PRIMARY KEY, street text, city text, zip text);
CREATE INDEX address_city_idx ON address (city);
CREATE TABLE customer (customer_id serial PRIMARY KEY, name text NOT NULL, address_id integer REFERENCES address);
CREATE VIEW customer_list AS SELECT customer_id, name, city FROM customer LEFT JOIN address USING (address_id);
