CREATE FUNCTION is_isbn(t text) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$ SELECT length(t) = 10 $$;
CREATE DOMAIN isbn AS text CONSTRAINT isbn_check CHECK (is_isbn(VALUE));
CREATE TABLE book (book_id integer PRIMARY KEY, isbn isbn);
CREATE INDEX book_prefix_idx ON book (left(isbn::text, 3), isbn);
