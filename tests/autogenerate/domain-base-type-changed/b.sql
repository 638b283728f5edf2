CREATE DOMAIN code AS text CHECK (VALUE <> '');
CREATE TABLE item (item_id integer PRIMARY KEY, code code, codes code[]);
CREATE INDEX item_code_idx ON item (upper(code::text));
CREATE VIEW coded AS SELECT code FROM item;
CREATE FUNCTION item_of(c code) RETURNS integer LANGUAGE sql STABLE AS $$ SELECT item_id FROM item WHERE code = c $$;
