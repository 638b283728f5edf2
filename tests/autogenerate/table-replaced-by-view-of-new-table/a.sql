CREATE TABLE product (product_id serial PRIMARY KEY, name text, price numeric(8,2));
CREATE TABLE line (line_id serial PRIMARY KEY, product_id integer REFERENCES product);
