CREATE TABLE film (film_id integer PRIMARY KEY, seen boolean DEFAULT false);
CREATE PROCEDURE reset() LANGUAGE sql AS $$ UPDATE film SET seen = false $$;
CREATE PROCEDURE clear(n integer, INOUT removed integer DEFAULT 0) LANGUAGE plpgsql SECURITY DEFINER AS $$ BEGIN DELETE FROM film WHERE film_id > n; COMMIT; END $$;
CREATE PROCEDURE tidy() LANGUAGE plpgsql AS $$ BEGIN CALL clear(100); END $$;
COMMENT ON PROCEDURE tidy() IS 'Monthly';
REVOKE ALL ON PROCEDURE tidy() FROM PUBLIC;
GRANT EXECUTE ON PROCEDURE tidy() TO pair_writer;
