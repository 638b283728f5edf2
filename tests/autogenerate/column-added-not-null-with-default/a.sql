CREATE TABLE customer (customer_id serial PRIMARY KEY, email text);
