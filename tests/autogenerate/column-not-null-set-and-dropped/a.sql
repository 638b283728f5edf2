CREATE TABLE customer (customer_id integer PRIMARY KEY, first_name text, last_name text NOT NULL, email text DEFAULT 'x');
