CREATE TABLE author (author_id integer PRIMARY KEY, name text NOT NULL);
CREATE TABLE book (book_id integer PRIMARY KEY, title text NOT NULL);
CREATE TABLE book_author (
    book_id integer NOT NULL REFERENCES book ON DELETE CASCADE,
    author_id integer NOT NULL REFERENCES author ON DELETE CASCADE,
    place smallint DEFAULT 1 NOT NULL,
    CONSTRAINT book_author_pk PRIMARY KEY (book_id, author_id),
    CONSTRAINT book_author_place UNIQUE (book_id, place) DEFERRABLE
);
CREATE INDEX book_author_author_idx ON book_author (author_id);
