CREATE TABLE customer (
    customer_id serial PRIMARY KEY,
    email text,
    active boolean DEFAULT true NOT NULL,
    created_at timestamp(3) with time zone DEFAULT CURRENT_TIMESTAMP NOT NULL
);
