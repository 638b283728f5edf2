CREATE TABLE customer (customer_id integer NOT NULL UNIQUE, email text NOT NULL, public_id integer NOT NULL PRIMARY KEY);
CREATE TABLE invoice (invoice_id integer PRIMARY KEY, customer_id integer NOT NULL REFERENCES customer (customer_id));
CREATE TABLE letter (letter_id integer PRIMARY KEY, customer_id integer NOT NULL REFERENCES customer (customer_id) ON DELETE CASCADE);
