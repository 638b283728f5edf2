CREATE FUNCTION watch() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN RETURN; END $$;
CREATE EVENT TRIGGER watch_all ON ddl_command_end EXECUTE FUNCTION watch();
CREATE EVENT TRIGGER watch_drop ON sql_drop EXECUTE FUNCTION watch();
