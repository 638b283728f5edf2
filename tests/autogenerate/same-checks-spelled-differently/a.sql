CREATE TABLE film (
    id int4 NOT NULL,
    rating varchar(5) DEFAULT 'G'::varchar,
    price decimal(5,2) CHECK (price BETWEEN 0 AND 10),
    CONSTRAINT film_pkey PRIMARY KEY (id),
    CONSTRAINT film_rating_check CHECK (rating IN ('G', 'PG'))
);
CREATE INDEX film_price_idx ON film USING btree (price ASC NULLS LAST);
