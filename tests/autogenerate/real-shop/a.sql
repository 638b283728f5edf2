CREATE TYPE order_status AS ENUM ('new', 'paid', 'sent');
CREATE TABLE customer (
    customer_id serial PRIMARY KEY,
    email varchar(120) NOT NULL UNIQUE,
    name text,
    created timestamp DEFAULT now()
);
CREATE TABLE product (
    product_id serial PRIMARY KEY,
    sku varchar(20) NOT NULL,
    name text NOT NULL,
    price numeric(8,2) NOT NULL CHECK (price > 0),
    CONSTRAINT product_sku_key UNIQUE (sku)
);
CREATE TABLE orders (
    order_id serial PRIMARY KEY,
    customer_id integer REFERENCES customer,
    status order_status DEFAULT 'new',
    placed timestamp DEFAULT now()
);
CREATE TABLE order_line (
    order_id integer REFERENCES orders,
    product_id integer REFERENCES product,
    quantity integer DEFAULT 1 CHECK (quantity > 0),
    PRIMARY KEY (order_id, product_id)
);
CREATE VIEW order_total AS
    SELECT o.order_id, o.status, sum(l.quantity * p.price) AS total
    FROM orders o JOIN order_line l USING (order_id) JOIN product p USING (product_id)
    GROUP BY o.order_id, o.status;
CREATE FUNCTION total_of(id integer) RETURNS numeric LANGUAGE sql STABLE AS $$ SELECT total FROM order_total WHERE order_id = id $$;
CREATE INDEX orders_customer_idx ON orders (customer_id);
GRANT SELECT ON order_total TO pair_reader;
