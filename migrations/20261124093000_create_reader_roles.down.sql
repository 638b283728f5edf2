-- Takes back what the way up gave in this database, and drops the roles that it made once no
-- database of the cluster needs them. Roles that were there before it stay. Give the functions
-- the secret of interview_app first.

DO $$
BEGIN
    IF to_regclass('migrate.history') IS NOT NULL THEN
        REVOKE SELECT ON migrate.history FROM interview_catalogue;
        REVOKE USAGE ON SCHEMA migrate FROM interview_catalogue;
    END IF;
END
$$;

REVOKE SELECT (customer_id) ON public.customer FROM interview_rentals;
REVOKE SELECT ON public.rental, public.inventory, public.film FROM interview_rentals;

REVOKE EXECUTE ON FUNCTION public.similar_titles(text) FROM interview_catalogue;
REVOKE SELECT ON public.film, public.language, public.category, public.film_category,
    public.actor, public.film_actor FROM interview_catalogue;

REVOKE USAGE ON SCHEMA public FROM interview_catalogue, interview_rentals;

DO $$
DECLARE
    made_here CONSTANT text := 'made by the migration 20261124093000_create_reader_roles';
    role_name text;
    setting text;
BEGIN
    -- As on the way up: one database at a time changes the roles.
    EXECUTE format('COMMENT ON ROLE interview_owner IS %L',
        shobj_description('interview_owner'::regrole, 'pg_authid'));

    FOREACH role_name IN ARRAY '{interview_catalogue, interview_rentals}'::text[] LOOP
        FOREACH setting IN ARRAY '{default_transaction_read_only, statement_timeout,
            idle_in_transaction_session_timeout, idle_session_timeout,
            client_connection_check_interval}'::text[]
        LOOP
            EXECUTE format('ALTER ROLE %I IN DATABASE %I RESET %I',
                role_name, current_database(), setting);
        END LOOP;

        IF (SELECT shobj_description(oid, 'pg_authid') FROM pg_roles WHERE rolname = role_name)
            IS DISTINCT FROM made_here
        THEN
            CONTINUE;
        END IF;
        BEGIN
            EXECUTE format('DROP ROLE %I', role_name);
        EXCEPTION WHEN dependent_objects_still_exist OR insufficient_privilege THEN
            RAISE NOTICE 'role % stays: %', role_name, SQLERRM;
        END;
    END LOOP;
END
$$;
