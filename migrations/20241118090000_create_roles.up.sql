-- Three roles, so that what serves requests cannot change anything:
--
--   interview_owner     owns the tables, and cannot log in
--   interview_migrator  is a member of it, and so can alter them
--   interview_app       reads
--
-- Run it as a superuser, or as the database's owner with CREATEROLE (interview_migrator itself,
-- say). Roles belong to the whole cluster, where other databases may run this at the same moment
-- or may have run it before. So a role is made, altered or granted only where that changes
-- something, one database at a time; what belongs to a database is set for this one alone.
-- A role made here gets no password: set one, or let it authenticate by other means.

DO $$
DECLARE
    made_here CONSTANT text := 'made by the migration 20241118090000_create_roles';
    role_name text;
BEGIN
    -- To comment on a role locks it in the whole cluster until the transaction ends. Whoever gets
    -- through here, with the comment that is there already, is alone with these roles.
    LOOP
        BEGIN
            IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'interview_owner') THEN
                CREATE ROLE interview_owner NOLOGIN;
                EXECUTE format('COMMENT ON ROLE interview_owner IS %L', made_here);
            ELSE
                EXECUTE format('COMMENT ON ROLE interview_owner IS %L',
                    shobj_description('interview_owner'::regrole, 'pg_authid'));
            END IF;
            EXIT;
        EXCEPTION WHEN duplicate_object OR unique_violation OR undefined_object THEN
            -- Another database made it, or dropped it, while this one waited: look again.
        END;
    END LOOP;

    FOREACH role_name IN ARRAY '{interview_migrator, interview_app}'::text[] LOOP
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = role_name) THEN
            EXECUTE format('CREATE ROLE %I LOGIN', role_name);
            EXECUTE format('COMMENT ON ROLE %I IS %L', role_name, made_here);
        END IF;
    END LOOP;

    -- To give a table to a role, or to set a role's defaults, one must be a member of it, which
    -- from PostgreSQL 16 on not even its creator is. Whoever else runs this lets interview_migrator
    -- administer interview_owner, as it must in the cluster's next database; to give that to itself
    -- is not allowed, nor needed where it made the role.
    IF NOT pg_has_role('interview_migrator', 'interview_owner', 'USAGE') THEN
        IF current_user = 'interview_migrator' THEN
            GRANT interview_owner TO interview_migrator;
        ELSE
            GRANT interview_owner TO interview_migrator WITH ADMIN OPTION;
        END IF;
    END IF;
    IF NOT pg_has_role('interview_migrator', 'USAGE') THEN
        EXECUTE format('GRANT interview_migrator TO %I', current_user);
    END IF;

    -- An instance of a function holds one connection. When instances run wild, this leaves what
    -- max_connections allows beyond it to migrations and to people.
    IF (SELECT rolconnlimit FROM pg_roles WHERE rolname = 'interview_app') <> 100 THEN
        ALTER ROLE interview_app CONNECTION LIMIT 100;
    END IF;

    -- Settings of the role and not of the connection, which a proxy between them would refuse.
    EXECUTE format('ALTER ROLE interview_app IN DATABASE %I SET default_transaction_read_only = on',
        current_database());
    EXECUTE format('ALTER ROLE interview_app IN DATABASE %I SET statement_timeout = %L',
        current_database(), '5s');
END
$$;

GRANT USAGE, CREATE ON SCHEMA public TO interview_owner;

-- Everything in the schema but what an extension brought. REASSIGN OWNED would be shorter, but
-- takes along whatever else the same role owns, other databases included.
DO $$
DECLARE
    kind text;
    name text;
BEGIN
    FOR kind, name IN
        SELECT identified.type, identified.identity
        FROM (
            SELECT 'pg_class'::regclass, oid
            FROM pg_class
            WHERE relnamespace = 'public'::regnamespace
                AND relkind IN ('r', 'p', 'v', 'm', 'f', 'S')
            UNION ALL
            SELECT 'pg_proc'::regclass, oid
            FROM pg_proc
            WHERE pronamespace = 'public'::regnamespace
            UNION ALL
            SELECT 'pg_type'::regclass, oid
            FROM pg_type
            WHERE typnamespace = 'public'::regnamespace
                -- Domains, enums and ranges: the types of rows and arrays follow what they are of.
                AND typtype IN ('d', 'e', 'r')
        ) AS object (classid, objid)
        CROSS JOIN LATERAL pg_identify_object(classid, objid, 0) AS identified
        WHERE NOT EXISTS (
            SELECT FROM pg_depend
            WHERE (classid, objid) = (object.classid, object.objid) AND deptype = 'e')
        -- Tables before sequences: a column's sequence goes with its table, and never alone.
        ORDER BY identified.type DESC
    LOOP
        EXECUTE format('ALTER %s %s OWNER TO interview_owner', kind, name);
    END LOOP;
END
$$;

GRANT USAGE ON SCHEMA public TO interview_app;
GRANT SELECT ON ALL TABLES IN SCHEMA public TO interview_app;
ALTER DEFAULT PRIVILEGES FOR ROLE interview_owner, interview_migrator IN SCHEMA public
    GRANT SELECT ON TABLES TO interview_app;

-- The health check reports which migrations have run. Their history is absent where something else
-- than this project's own command runs the files.
DO $$
BEGIN
    IF to_regclass('migrate.history') IS NOT NULL THEN
        GRANT USAGE ON SCHEMA migrate TO interview_app;
        GRANT SELECT ON migrate.history TO interview_app;
    END IF;
END
$$;
