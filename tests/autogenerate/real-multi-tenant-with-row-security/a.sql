CREATE SCHEMA app;
CREATE TABLE app.tenant (tenant_id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text NOT NULL UNIQUE);
CREATE TABLE app.member (
    member_id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    tenant_id integer NOT NULL REFERENCES app.tenant,
    email text NOT NULL,
    admin boolean DEFAULT false
);
CREATE TABLE app.document (
    document_id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    tenant_id integer NOT NULL REFERENCES app.tenant,
    member_id integer REFERENCES app.member,
    body text
);
CREATE FUNCTION app.tenant() RETURNS integer LANGUAGE sql STABLE AS $$ SELECT current_setting('app.tenant', true)::integer $$;
ALTER TABLE app.document ENABLE ROW LEVEL SECURITY;
CREATE POLICY by_tenant ON app.document USING (tenant_id = app.tenant());
CREATE VIEW app.my_document AS SELECT document_id, body FROM app.document WHERE tenant_id = app.tenant();
GRANT USAGE ON SCHEMA app TO pair_reader;
GRANT SELECT ON ALL TABLES IN SCHEMA app TO pair_reader;
