CREATE TABLE customer (customer_id integer CONSTRAINT customer_pk PRIMARY KEY, name text);
CREATE TABLE rental (rental_id integer PRIMARY KEY, customer_id integer);
CREATE VIEW rentals AS SELECT c.customer_id, c.name, count(*) AS n FROM customer c JOIN rental r USING (customer_id) GROUP BY c.customer_id;
