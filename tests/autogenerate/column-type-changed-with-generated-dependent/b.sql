CREATE TABLE item (item_id integer PRIMARY KEY, price bigint NOT NULL, tax bigint DEFAULT 0, total bigint GENERATED ALWAYS AS (price + tax) STORED);
CREATE INDEX item_total_idx ON item (total) WHERE total > 10;
CREATE VIEW totals AS SELECT sum(total) AS total FROM item;
