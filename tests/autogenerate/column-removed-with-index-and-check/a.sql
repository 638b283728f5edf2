CREATE TABLE film (
    film_id integer PRIMARY KEY,
    title text,
    length integer,
    CONSTRAINT film_length_positive CHECK (length > 0)
);
CREATE INDEX film_length_idx ON film (length) WHERE length > 60;
COMMENT ON COLUMN film.length IS 'In minutes';
