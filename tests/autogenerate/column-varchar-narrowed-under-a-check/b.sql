CREATE TABLE product (sku varchar(12) PRIMARY KEY, name varchar(40), price numeric(10,2), CHECK (name <> ''::text), CHECK (price >= 0));
