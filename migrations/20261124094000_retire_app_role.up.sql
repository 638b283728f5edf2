-- Takes from interview_app everything that it may read, and its default privileges. First give
-- every function the secret of interview_catalogue or interview_rentals: with the secret of
-- interview_app, it answers with an error from here on.
--
-- The role itself stays. Roles belong to the cluster, and another database may still need it. Once
-- none does, DROP ROLE interview_app.

-- Refuse while a function still uses the role. This sees connections that are open now; an old
-- instance may still connect later.
DO $$
DECLARE
    sessions CONSTANT bigint := (
        SELECT count(*)
        FROM pg_stat_activity
        WHERE datname = current_database() AND usename = 'interview_app');
BEGIN
    IF sessions > 0 THEN
        RAISE EXCEPTION 'interview_app is still connected to this database (sessions: %)', sessions
            USING ERRCODE = 'object_in_use',
                HINT = 'Give every function the secret of interview_catalogue or interview_rentals.'
                    ' End sessions that old instances left behind with pg_terminate_backend.';
    END IF;
END
$$;

ALTER DEFAULT PRIVILEGES FOR ROLE interview_owner, interview_migrator IN SCHEMA public
    REVOKE SELECT ON TABLES FROM interview_app;
REVOKE SELECT ON ALL TABLES IN SCHEMA public FROM interview_app;
REVOKE USAGE ON SCHEMA public FROM interview_app;

DO $$
BEGIN
    IF to_regclass('migrate.history') IS NOT NULL THEN
        REVOKE SELECT ON migrate.history FROM interview_app;
        REVOKE USAGE ON SCHEMA migrate FROM interview_app;
    END IF;
END
$$;
