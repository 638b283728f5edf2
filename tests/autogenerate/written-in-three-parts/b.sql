CREATE TABLE studio (studio_id integer NOT NULL, name text NOT NULL, CONSTRAINT studio_pkey PRIMARY KEY (studio_id));
CREATE TABLE film (film_id integer NOT NULL, title text, studio_id integer, year integer,
    CONSTRAINT film_pkey PRIMARY KEY (film_id),
    CONSTRAINT film_title_key UNIQUE (title, year) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT film_year_check CHECK (year > 1888),
    CONSTRAINT film_studio_id_fkey FOREIGN KEY (studio_id) REFERENCES studio);
CREATE INDEX film_title_idx ON film (lower(title));
COMMENT ON INDEX film_title_idx IS 'For searches';
CREATE TABLE review (review_id integer PRIMARY KEY, film_id integer NOT NULL REFERENCES film);
