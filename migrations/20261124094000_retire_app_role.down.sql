-- Lets interview_app read everything again, as 20241118090000_create_roles did. The way up left its
-- settings in this database and its connection limit alone. If the role has been dropped since,
-- create it first, and give it those again.

GRANT USAGE ON SCHEMA public TO interview_app;
GRANT SELECT ON ALL TABLES IN SCHEMA public TO interview_app;
ALTER DEFAULT PRIVILEGES FOR ROLE interview_owner, interview_migrator IN SCHEMA public
    GRANT SELECT ON TABLES TO interview_app;

DO $$
BEGIN
    IF to_regclass('migrate.history') IS NOT NULL THEN
        GRANT USAGE ON SCHEMA migrate TO interview_app;
        GRANT SELECT ON migrate.history TO interview_app;
    END IF;
END
$$;
