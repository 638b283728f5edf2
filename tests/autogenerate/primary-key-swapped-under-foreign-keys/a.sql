CREATE TABLE customer (customer_id integer PRIMARY KEY, email text NOT NULL, public_id integer NOT NULL);
CREATE TABLE invoice (invoice_id integer PRIMARY KEY, customer_id integer NOT NULL REFERENCES customer);
CREATE TABLE letter (letter_id integer PRIMARY KEY, customer_id integer NOT NULL REFERENCES customer ON DELETE CASCADE);
