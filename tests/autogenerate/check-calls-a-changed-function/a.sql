CREATE FUNCTION valid_code(code text) RETURNS boolean LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN RETURN code ~ '^[A-Z]+$'; END $$;
CREATE TABLE voucher (code text PRIMARY KEY CHECK (valid_code(code)), amount numeric);
