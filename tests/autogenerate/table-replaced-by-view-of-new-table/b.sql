CREATE TABLE product_v2 (product_id serial PRIMARY KEY, name text, price numeric(8,2), valid tstzrange DEFAULT tstzrange(now(), NULL));
CREATE VIEW product AS SELECT product_id, name, price FROM product_v2 WHERE valid @> now();
CREATE TABLE line (line_id serial PRIMARY KEY, product_id integer REFERENCES product_v2);
