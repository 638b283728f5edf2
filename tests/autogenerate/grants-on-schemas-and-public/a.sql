CREATE SCHEMA app;
GRANT USAGE ON SCHEMA app TO pair_reader;
GRANT CREATE ON SCHEMA public TO pair_writer;
