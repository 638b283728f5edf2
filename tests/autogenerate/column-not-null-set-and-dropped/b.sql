CREATE TABLE customer (customer_id integer PRIMARY KEY, first_name text NOT NULL, last_name text, email text DEFAULT 'x' NOT NULL);
