CREATE TABLE film (film_id integer PRIMARY KEY, seen boolean DEFAULT false);
CREATE FUNCTION reset() RETURNS void LANGUAGE sql AS $$ UPDATE film SET seen = false $$;
CREATE PROCEDURE clear(n integer) LANGUAGE sql AS $$ DELETE FROM film WHERE film_id > n $$;
CREATE PROCEDURE tidy() LANGUAGE plpgsql AS $$ BEGIN CALL clear(10); END $$;
COMMENT ON PROCEDURE tidy() IS 'Weekly';
