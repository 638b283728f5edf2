CREATE TABLE a (id integer PRIMARY KEY, v text);
CREATE TABLE b (id integer PRIMARY KEY, v text);
CREATE TABLE audit (audit_id bigserial PRIMARY KEY, at timestamp DEFAULT now(), row_data text);
CREATE FUNCTION audit() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO audit (row_data) VALUES (NEW::text); RETURN NEW; END $$;
CREATE TRIGGER a_audit AFTER INSERT OR UPDATE ON a FOR EACH ROW EXECUTE FUNCTION audit();
CREATE TRIGGER b_audit AFTER INSERT OR UPDATE ON b FOR EACH ROW EXECUTE FUNCTION audit();
