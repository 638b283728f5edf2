CREATE TABLE film (
    film_id integer PRIMARY KEY,
    rating text CHECK (rating IN ('G', 'PG', 'PG-13', 'R')),
    length integer,
    price numeric,
    CONSTRAINT film_price_check CHECK (price >= 0 AND price < 1000),
    CONSTRAINT film_rating_or_length CHECK (rating IS NOT NULL OR length IS NOT NULL) NO INHERIT
);
