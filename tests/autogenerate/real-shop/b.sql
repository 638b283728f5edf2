CREATE EXTENSION citext;
CREATE TYPE order_status AS ENUM ('draft', 'new', 'paid', 'sent', 'returned');
CREATE DOMAIN positive_amount AS numeric(12,2) CHECK (VALUE > 0);
CREATE TABLE customer (
    customer_id bigserial PRIMARY KEY,
    email citext NOT NULL UNIQUE,
    name text DEFAULT '' NOT NULL,
    created timestamptz DEFAULT now() NOT NULL,
    referrer_id bigint REFERENCES customer ON DELETE SET NULL
);
CREATE TABLE product (
    product_id serial PRIMARY KEY,
    sku text NOT NULL,
    name text NOT NULL,
    price positive_amount NOT NULL,
    active boolean DEFAULT true NOT NULL,
    CONSTRAINT product_sku_key UNIQUE (sku) INCLUDE (name)
);
CREATE TABLE orders (
    order_id bigserial PRIMARY KEY,
    customer_id bigint NOT NULL REFERENCES customer ON DELETE RESTRICT,
    status order_status DEFAULT 'draft' NOT NULL,
    placed timestamptz DEFAULT now() NOT NULL,
    note text
);
CREATE TABLE order_line (
    order_id bigint NOT NULL REFERENCES orders ON DELETE CASCADE,
    product_id integer NOT NULL REFERENCES product,
    quantity smallint DEFAULT 1 NOT NULL CHECK (quantity > 0),
    price positive_amount,
    PRIMARY KEY (order_id, product_id)
);
CREATE TABLE shipment (
    shipment_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    order_id bigint NOT NULL REFERENCES orders,
    sent_at timestamptz DEFAULT now() NOT NULL,
    tracking text UNIQUE
);
CREATE VIEW order_total AS
    SELECT o.order_id, o.status, o.customer_id, sum(l.quantity * coalesce(l.price, p.price)) AS total, max(s.sent_at) AS sent_at
    FROM orders o JOIN order_line l USING (order_id) JOIN product p USING (product_id) LEFT JOIN shipment s USING (order_id)
    GROUP BY o.order_id;
CREATE MATERIALIZED VIEW customer_value AS SELECT customer_id, sum(total) AS total FROM order_total WHERE status >= 'paid' GROUP BY customer_id;
CREATE UNIQUE INDEX customer_value_idx ON customer_value (customer_id);
CREATE FUNCTION total_of(id bigint) RETURNS numeric LANGUAGE sql STABLE AS $$ SELECT total FROM order_total WHERE order_id = id $$;
CREATE FUNCTION set_price() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    SELECT price INTO NEW.price FROM product WHERE product_id = NEW.product_id;
    RETURN NEW;
END
$$;
CREATE TRIGGER order_line_price BEFORE INSERT ON order_line FOR EACH ROW WHEN (NEW.price IS NULL) EXECUTE FUNCTION set_price();
CREATE INDEX orders_customer_idx ON orders (customer_id, placed DESC);
CREATE INDEX orders_open_idx ON orders (placed) WHERE status IN ('draft', 'new');
GRANT SELECT ON order_total, customer_value TO pair_reader;
GRANT INSERT, UPDATE (status, note) ON orders TO pair_writer;
COMMENT ON COLUMN order_line.price IS 'At the time of the order';
