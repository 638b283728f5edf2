CREATE TABLE item (
    item_id integer PRIMARY KEY,
    price numeric(10,2) NOT NULL,
    quantity integer NOT NULL,
    total numeric GENERATED ALWAYS AS (price * quantity) STORED,
    label text,
    total_with_tax numeric(12,2) GENERATED ALWAYS AS (price * quantity * 1.077) STORED
);
CREATE INDEX item_total_idx ON item (total);
