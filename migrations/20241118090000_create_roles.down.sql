-- Takes back what the way up gave in this database, and drops the roles that it made once no
-- database of the cluster needs them. Roles that were there before it stay.

DO $$
BEGIN
    IF to_regclass('migrate.history') IS NOT NULL THEN
        REVOKE SELECT ON migrate.history FROM interview_app;
        REVOKE USAGE ON SCHEMA migrate FROM interview_app;
    END IF;
END
$$;

ALTER DEFAULT PRIVILEGES FOR ROLE interview_owner, interview_migrator IN SCHEMA public
    REVOKE SELECT ON TABLES FROM interview_app;
REVOKE SELECT ON ALL TABLES IN SCHEMA public FROM interview_app;
REVOKE USAGE ON SCHEMA public FROM interview_app;

-- Whatever interview_owner owns in this database by now, from the way up or from later.
DO $$
DECLARE
    kind text;
    name text;
BEGIN
    FOR kind, name IN
        SELECT identified.type, identified.identity
        FROM pg_shdepend
        CROSS JOIN LATERAL pg_identify_object(classid, objid, 0) AS identified
        WHERE dbid = (SELECT oid FROM pg_database WHERE datname = current_database())
            AND classid IN ('pg_class'::regclass, 'pg_proc'::regclass, 'pg_type'::regclass)
            AND refclassid = 'pg_authid'::regclass
            AND refobjid = 'interview_owner'::regrole
            AND deptype = 'o'
        -- Tables before sequences: a column's sequence goes with its table, and never alone.
        ORDER BY identified.type DESC
    LOOP
        EXECUTE format('ALTER %s %s OWNER TO %I', kind, name, current_user);
    END LOOP;
END
$$;

REVOKE USAGE, CREATE ON SCHEMA public FROM interview_owner;

DO $$
DECLARE
    made_here CONSTANT text := 'made by the migration 20241118090000_create_roles';
    role_name text;
BEGIN
    EXECUTE format('ALTER ROLE interview_app IN DATABASE %I RESET default_transaction_read_only',
        current_database());
    EXECUTE format('ALTER ROLE interview_app IN DATABASE %I RESET statement_timeout',
        current_database());

    -- interview_owner comes first: if it can go, then no other database has the migration, and
    -- dropping it keeps out those that are about to run it.
    FOREACH role_name IN ARRAY '{interview_owner, interview_app, interview_migrator}'::text[] LOOP
        IF role_name = current_user
            OR (SELECT shobj_description(oid, 'pg_authid') FROM pg_roles WHERE rolname = role_name)
                IS DISTINCT FROM made_here
        THEN
            CONTINUE;
        END IF;
        BEGIN
            EXECUTE format('DROP ROLE %I', role_name);
        EXCEPTION WHEN dependent_objects_still_exist OR insufficient_privilege THEN
            RAISE NOTICE 'role % stays: %', role_name, SQLERRM;
            EXIT WHEN role_name = 'interview_owner';
        END;
    END LOOP;
END
$$;
