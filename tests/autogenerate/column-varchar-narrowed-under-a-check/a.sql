CREATE TABLE product (sku text PRIMARY KEY, name varchar, price numeric, CHECK (name <> ''::text), CHECK (price >= 0));
