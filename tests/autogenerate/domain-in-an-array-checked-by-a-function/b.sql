CREATE FUNCTION is_long(text) RETURNS boolean IMMUTABLE LANGUAGE sql AS 'SELECT length($1) > 2';
CREATE DOMAIN word AS text CONSTRAINT long CHECK (is_long(VALUE));
CREATE TYPE pair AS (first word, second word);
CREATE TABLE poem (title word NOT NULL, words word[], rhyme pair);
