CREATE TABLE sale (sale_id integer PRIMARY KEY, store integer, amount numeric);
CREATE VIEW by_store AS SELECT store, sum(amount) AS total FROM sale GROUP BY store;
GRANT SELECT ON by_store TO PUBLIC;
