CREATE SCHEMA app AUTHORIZATION pair_owner;
CREATE SCHEMA private;
CREATE TYPE app.role AS ENUM ('reader', 'editor', 'admin');
CREATE TABLE app.tenant (tenant_id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text NOT NULL UNIQUE, plan text DEFAULT 'free' NOT NULL CHECK (plan IN ('free', 'paid')));
CREATE TABLE app.member (
    member_id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    tenant_id integer NOT NULL REFERENCES app.tenant ON DELETE CASCADE,
    email text NOT NULL,
    role app.role DEFAULT 'reader' NOT NULL,
    CONSTRAINT member_email_key UNIQUE (tenant_id, email),
    CONSTRAINT member_tenant_key UNIQUE (tenant_id, member_id)
);
CREATE TABLE app.document (
    document_id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    tenant_id integer NOT NULL REFERENCES app.tenant ON DELETE CASCADE,
    member_id integer,
    body text,
    shared boolean DEFAULT false NOT NULL,
    CONSTRAINT document_member_fk FOREIGN KEY (tenant_id, member_id) REFERENCES app.member (tenant_id, member_id) ON DELETE SET NULL (member_id)
);
CREATE FUNCTION private.tenant() RETURNS integer LANGUAGE sql STABLE PARALLEL SAFE AS $$ SELECT nullif(current_setting('app.tenant', true), '')::integer $$;
CREATE FUNCTION private.role_of(id integer) RETURNS app.role LANGUAGE sql STABLE SECURITY DEFINER SET search_path = '' AS $$ SELECT role FROM app.member WHERE member_id = id $$;
REVOKE ALL ON FUNCTION private.role_of(integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION private.role_of(integer) TO pair_writer;
ALTER TABLE app.document OWNER TO pair_owner;
ALTER TABLE app.document ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE app.member ENABLE ROW LEVEL SECURITY;
CREATE POLICY by_tenant ON app.document USING (tenant_id = private.tenant() OR shared) WITH CHECK (tenant_id = private.tenant());
CREATE POLICY only_editors ON app.document AS RESTRICTIVE FOR DELETE TO pair_writer USING (private.role_of(member_id) >= 'editor'::app.role);
CREATE POLICY by_tenant ON app.member FOR SELECT USING (tenant_id = private.tenant());
CREATE VIEW app.my_document WITH (security_invoker = true, security_barrier = true) AS SELECT document_id, body, shared FROM app.document WHERE tenant_id = private.tenant();
CREATE INDEX document_tenant_idx ON app.document (tenant_id) INCLUDE (shared);
GRANT USAGE ON SCHEMA app TO pair_reader, pair_writer;
GRANT USAGE ON SCHEMA private TO pair_writer;
GRANT SELECT ON app.document, app.my_document TO pair_reader;
GRANT SELECT (tenant_id, name) ON app.tenant TO pair_reader;
GRANT SELECT, INSERT, UPDATE, DELETE ON app.document TO pair_writer;
ALTER DEFAULT PRIVILEGES FOR ROLE pair_owner IN SCHEMA app GRANT SELECT ON TABLES TO pair_reader;
COMMENT ON POLICY only_editors ON app.document IS 'Readers delete nothing';
