CREATE TABLE customer (
    customer_id integer PRIMARY KEY,
    email text,
    phone text,
    store integer,
    CONSTRAINT customer_phone_unique UNIQUE NULLS NOT DISTINCT (phone, store),
    CONSTRAINT customer_email_store_unique UNIQUE (store, email) INCLUDE (phone) DEFERRABLE INITIALLY DEFERRED
);
