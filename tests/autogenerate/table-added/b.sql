CREATE TABLE film (
    film_id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    title text NOT NULL
);
CREATE TABLE review (
    review_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    film_id integer NOT NULL REFERENCES film ON DELETE CASCADE,
    stars smallint NOT NULL CHECK (stars BETWEEN 1 AND 5),
    body text DEFAULT '' NOT NULL,
    written_at timestamptz DEFAULT now() NOT NULL,
    UNIQUE (film_id, written_at)
);
CREATE INDEX review_stars_idx ON review (stars);
