CREATE TABLE rental (
    rental_id integer PRIMARY KEY,
    rented_at timestamp with time zone DEFAULT now() NOT NULL,
    returned_at timestamp(3) with time zone,
    CONSTRAINT rental_order CHECK (returned_at >= rented_at)
);
CREATE INDEX rental_open_idx ON rental (rented_at DESC NULLS LAST) WHERE returned_at IS NULL;
