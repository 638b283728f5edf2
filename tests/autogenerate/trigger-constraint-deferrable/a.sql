CREATE TABLE account (account_id integer PRIMARY KEY, balance numeric NOT NULL);
CREATE TABLE entry (entry_id integer PRIMARY KEY, account_id integer REFERENCES account, amount numeric);
CREATE FUNCTION balanced() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$;
CREATE CONSTRAINT TRIGGER entry_balanced AFTER INSERT ON entry FOR EACH ROW EXECUTE FUNCTION balanced();
