CREATE TABLE item (item_id integer PRIMARY KEY, price integer NOT NULL, tax integer DEFAULT 0, total integer GENERATED ALWAYS AS (price + tax) STORED);
CREATE INDEX item_total_idx ON item (total) WHERE total > 10;
CREATE VIEW totals AS SELECT sum(total) AS total FROM item;
