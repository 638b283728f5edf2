CREATE TABLE film (
    film_id integer PRIMARY KEY,
    rating text CHECK (rating IN ('G', 'PG')),
    length integer CHECK (length > 0),
    price numeric,
    CONSTRAINT film_price_check CHECK (price >= 0 AND price < 100)
);
