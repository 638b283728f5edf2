DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['pair_reader', 'pair_writer', 'pair_owner'] LOOP
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = name) THEN
            EXECUTE format('CREATE ROLE %I', name);
        END IF;
    END LOOP;
END
$$;
