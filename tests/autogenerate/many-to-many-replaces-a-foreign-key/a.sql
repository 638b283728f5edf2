CREATE TABLE author (author_id integer PRIMARY KEY, name text NOT NULL);
CREATE TABLE book (book_id integer PRIMARY KEY, title text NOT NULL, author_id integer);
ALTER TABLE book ADD CONSTRAINT book_author_id_fkey FOREIGN KEY (author_id) REFERENCES author (author_id) ON DELETE CASCADE;
CREATE INDEX book_author_id_idx ON book (author_id);
