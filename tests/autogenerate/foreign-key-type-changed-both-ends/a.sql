CREATE TABLE customer (customer_id integer PRIMARY KEY, referrer_id integer REFERENCES customer);
CREATE TABLE rental (rental_id integer PRIMARY KEY, customer_id integer NOT NULL REFERENCES customer ON DELETE CASCADE);
CREATE TABLE payment (payment_id integer PRIMARY KEY, rental_id integer REFERENCES rental, customer_id integer REFERENCES customer);
CREATE INDEX rental_customer_idx ON rental (customer_id);
