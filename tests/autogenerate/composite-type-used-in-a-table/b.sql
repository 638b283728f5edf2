CREATE TYPE money_amount AS (amount numeric, currency char(3), at date);
CREATE TABLE product (product_id integer PRIMARY KEY, price money_amount, old_prices money_amount[]);
CREATE VIEW price AS SELECT product_id, (price).amount FROM product;
