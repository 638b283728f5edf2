CREATE FUNCTION valid_code(code text, min_length integer DEFAULT 1) RETURNS boolean LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN RETURN code ~ '^[A-Z]+$' AND length(code) >= min_length; END $$;
CREATE TABLE voucher (code text PRIMARY KEY CHECK (valid_code(code)), amount numeric, CHECK (valid_code(code, 2) OR amount < 10));
