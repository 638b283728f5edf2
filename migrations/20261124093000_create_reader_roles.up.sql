-- Two roles that read, each no more than its functions need:
--
--   interview_catalogue  search-films, get-film, list-categories, films-by-category, db-health
--   interview_rentals    rentals-by-customer
--
-- They have no default privileges, so they cannot read a later table until a migration grants it.
-- interview_app keeps its privileges until 20261124094000_retire_app_role. Between the two, give
-- each function the secret of its new role.
--
-- Whoever may run 20241118090000_create_roles may run this, in several databases at once. A role
-- made here gets no password: set one, or let it authenticate by other means.

DO $$
DECLARE
    made_here CONSTANT text := 'made by the migration 20261124093000_create_reader_roles';
    role_name text;
    most_connections integer;
    setting text;
    value text;
BEGIN
    -- A comment on interview_owner locks it in the whole cluster until the transaction ends, so
    -- one database at a time changes the roles. It owns this database's tables and cannot go away.
    EXECUTE format('COMMENT ON ROLE interview_owner IS %L',
        shobj_description('interview_owner'::regrole, 'pg_authid'));

    -- An instance of a function holds one connection. The two limits add up to the 100 of
    -- interview_app, and max_connections leaves the rest to migrations and people. They are
    -- separate, so a flood of one kind of request cannot take all connections. The share is 80 to
    -- 20 because five functions use the first role, and one uses the second.
    FOR role_name, most_connections IN
        VALUES ('interview_catalogue', 80), ('interview_rentals', 20)
    LOOP
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = role_name) THEN
            EXECUTE format('CREATE ROLE %I LOGIN', role_name);
            EXECUTE format('COMMENT ON ROLE %I IS %L', role_name, made_here);
            -- interview_migrator sets the role up in the cluster's next database. From PostgreSQL
            -- 16 on, this needs the admin option on the role, which its creator has already.
            IF current_user <> 'interview_migrator' THEN
                EXECUTE format('GRANT %I TO interview_migrator WITH ADMIN OPTION', role_name);
            END IF;
        END IF;
        -- A limit that somebody has set stays.
        IF (SELECT rolconnlimit FROM pg_roles WHERE rolname = role_name) = -1 THEN
            EXECUTE format('ALTER ROLE %I CONNECTION LIMIT %s', role_name, most_connections);
        END IF;

        -- Settings of the role and not of the connection, which a proxy between them would refuse.
        FOR setting, value IN
            VALUES
                ('default_transaction_read_only', 'on'),
                ('statement_timeout', '5s'),
                -- No function begins a transaction that outlasts its statement.
                ('idle_in_transaction_session_timeout', '10s'),
                -- An instance that is frozen or dead must not hold its connection for ever. If it
                -- wakes up later, it opens another.
                ('idle_session_timeout', '10min')
        LOOP
            EXECUTE format('ALTER ROLE %I IN DATABASE %I SET %I = %L',
                role_name, current_database(), setting, value);
        END LOOP;
        -- End a query whose client is gone. Where the platform cannot tell the server that, the
        -- server refuses any value but 0.
        BEGIN
            EXECUTE format(
                'ALTER ROLE %I IN DATABASE %I SET client_connection_check_interval = %L',
                role_name, current_database(), '1s');
        EXCEPTION WHEN invalid_parameter_value THEN
            RAISE NOTICE 'client_connection_check_interval stays as it is: %', SQLERRM;
        END;
    END LOOP;
END
$$;

GRANT USAGE ON SCHEMA public TO interview_catalogue, interview_rentals;

GRANT SELECT ON public.film, public.language, public.category, public.film_category,
    public.actor, public.film_actor TO interview_catalogue;
GRANT EXECUTE ON FUNCTION public.similar_titles(text) TO interview_catalogue;

GRANT SELECT ON public.rental, public.inventory, public.film TO interview_rentals;
-- Whether a customer exists, but nothing else about them.
GRANT SELECT (customer_id) ON public.customer TO interview_rentals;

-- The health check reports which migrations have run. Their history is absent where something else
-- than this project's own command runs the files.
DO $$
BEGIN
    IF to_regclass('migrate.history') IS NOT NULL THEN
        GRANT USAGE ON SCHEMA migrate TO interview_catalogue;
        GRANT SELECT ON migrate.history TO interview_catalogue;
    END IF;
END
$$;
