CREATE TABLE customer (customer_id bigint PRIMARY KEY, referrer_id bigint REFERENCES customer);
CREATE TABLE rental (rental_id bigint PRIMARY KEY, customer_id bigint NOT NULL REFERENCES customer ON DELETE CASCADE);
CREATE TABLE payment (payment_id bigint PRIMARY KEY, rental_id bigint REFERENCES rental, customer_id bigint REFERENCES customer);
CREATE INDEX rental_customer_idx ON rental (customer_id);
