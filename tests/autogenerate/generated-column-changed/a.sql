CREATE TABLE item (
    item_id integer PRIMARY KEY,
    price numeric(10,2) NOT NULL,
    quantity integer NOT NULL,
    total numeric GENERATED ALWAYS AS (price * quantity) STORED,
    label text GENERATED ALWAYS AS ('#' || item_id::text) STORED
);
CREATE INDEX item_total_idx ON item (total);
