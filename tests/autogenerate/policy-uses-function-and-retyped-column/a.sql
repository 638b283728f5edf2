CREATE FUNCTION current_tenant() RETURNS integer LANGUAGE sql STABLE AS $$ SELECT current_setting('app.tenant')::integer $$;
CREATE TABLE tenant (tenant_id integer PRIMARY KEY);
CREATE TABLE doc (doc_id integer PRIMARY KEY, tenant_id integer NOT NULL REFERENCES tenant);
ALTER TABLE doc ENABLE ROW LEVEL SECURITY;
CREATE POLICY doc_tenant ON doc USING (tenant_id = current_tenant());
CREATE VIEW my_doc WITH (security_barrier) AS SELECT doc_id FROM doc WHERE tenant_id = current_tenant();
