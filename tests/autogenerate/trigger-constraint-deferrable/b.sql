CREATE TABLE account (account_id integer PRIMARY KEY, balance numeric NOT NULL);
CREATE TABLE entry (entry_id integer PRIMARY KEY, account_id integer REFERENCES account, amount numeric);
CREATE FUNCTION balanced() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$;
CREATE CONSTRAINT TRIGGER entry_balanced AFTER INSERT OR UPDATE ON entry FROM account DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.amount <> 0) EXECUTE FUNCTION balanced();
COMMENT ON TRIGGER entry_balanced ON entry IS 'At commit';
