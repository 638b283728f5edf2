CREATE SCHEMA audit;
CREATE TABLE a (id integer PRIMARY KEY, v text);
CREATE TABLE b (id integer PRIMARY KEY, v text);
CREATE TABLE audit (audit_id bigserial PRIMARY KEY, at timestamptz DEFAULT now() NOT NULL, row_data jsonb, op "char", table_name regclass);
CREATE FUNCTION audit.log() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$ BEGIN INSERT INTO public.audit (row_data, op, table_name) VALUES (to_jsonb(NEW), left(TG_OP, 1)::"char", TG_RELID); RETURN NULL; END $$;
CREATE TRIGGER a_audit AFTER INSERT OR DELETE OR UPDATE ON a FOR EACH ROW EXECUTE FUNCTION audit.log();
CREATE TRIGGER b_audit AFTER INSERT OR DELETE OR UPDATE ON b FOR EACH ROW EXECUTE FUNCTION audit.log();
CREATE INDEX audit_table_idx ON audit (table_name, at DESC);
