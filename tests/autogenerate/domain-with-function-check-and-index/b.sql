CREATE FUNCTION is_isbn(t text, size integer) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$ SELECT length(t) = size $$;
CREATE DOMAIN isbn AS text COLLATE "C" CONSTRAINT isbn_check CHECK (is_isbn(VALUE, 10) OR is_isbn(VALUE, 13));
CREATE TABLE book (book_id integer PRIMARY KEY, isbn isbn);
CREATE INDEX book_prefix_idx ON book (left(isbn::text, 3), isbn);
