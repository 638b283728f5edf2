CREATE TABLE customer (
    customer_id integer PRIMARY KEY,
    email text CONSTRAINT customer_email_unique UNIQUE,
    phone text,
    store integer,
    CONSTRAINT customer_phone_unique UNIQUE (phone)
);
