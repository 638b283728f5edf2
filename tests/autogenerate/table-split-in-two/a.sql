CREATE TABLE customer (customer_id serial PRIMARY KEY, name text NOT NULL, street text, city text, zip text);
CREATE INDEX customer_city_idx ON customer (city);
CREATE VIEW customer_list AS SELECT customer_id, name, city FROM customer;
