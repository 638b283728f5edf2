CREATE TABLE sale (sale_id integer PRIMARY KEY, store integer, amount numeric);
CREATE MATERIALIZED VIEW by_store AS SELECT store, sum(amount) AS total FROM sale GROUP BY store;
CREATE UNIQUE INDEX by_store_idx ON by_store (store);
GRANT SELECT ON by_store TO PUBLIC;
