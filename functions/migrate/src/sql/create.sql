-- The bookkeeping, in a schema of its own. history has a row for each migration that is applied, or
-- that is being applied or reverted outside of a transaction. statement records the progress of such
-- a migration, backfill that of a statement which is repeated, and runner the session that works on it.
-- repair keeps what people have recorded about an incomplete migration.
-- CREATE SCHEMA IF NOT EXISTS would need the right to create schemas even where it does nothing.
DO $$
BEGIN
    IF to_regnamespace('migrate') IS NULL THEN
        CREATE SCHEMA migrate;
    END IF;
END
$$;

CREATE TABLE IF NOT EXISTS migrate.history (
    version text PRIMARY KEY,
    name text NOT NULL,
    checksum text NOT NULL,
    down text,
    state text NOT NULL CHECK (state IN ('applied', 'applying', 'reverting')),
    stamped boolean NOT NULL DEFAULT false,
    out_of_order boolean NOT NULL DEFAULT false,
    moved_from text,
    applied_by text NOT NULL DEFAULT session_user,
    applied_at timestamptz NOT NULL DEFAULT clock_timestamp()
);

-- Older versions of the engine have made history without these columns. ALTER TABLE would wait for
-- every reader even where it does nothing.
DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_attribute
                   WHERE attrelid = 'migrate.history'::regclass AND attname = 'moved_from') THEN
        ALTER TABLE migrate.history
            ADD COLUMN IF NOT EXISTS out_of_order boolean NOT NULL DEFAULT false,
            ADD COLUMN moved_from text;
    END IF;
END
$$;

CREATE TABLE IF NOT EXISTS migrate.statement (
    version text NOT NULL REFERENCES migrate.history ON DELETE CASCADE,
    position integer NOT NULL,
    hash text NOT NULL,
    sql text NOT NULL,
    started_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    finished_at timestamptz,
    PRIMARY KEY (version, position)
);

CREATE TABLE IF NOT EXISTS migrate.runner (
    version text PRIMARY KEY REFERENCES migrate.history ON DELETE CASCADE,
    pid integer NOT NULL,
    backend_start timestamptz NOT NULL
);

CREATE TABLE IF NOT EXISTS migrate.backfill (
    version text PRIMARY KEY REFERENCES migrate.history ON DELETE CASCADE,
    hash text NOT NULL,
    rounds bigint NOT NULL,
    rows bigint NOT NULL,
    started_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    last_round_at timestamptz NOT NULL DEFAULT clock_timestamp()
);

CREATE TABLE IF NOT EXISTS migrate.repair (
    version text NOT NULL,
    outcome text NOT NULL,
    repaired_by text NOT NULL DEFAULT session_user,
    repaired_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (version, repaired_at)
);

-- The repeatable files, as they were last applied.
CREATE TABLE IF NOT EXISTS migrate.repeatable (
    name text PRIMARY KEY,
    checksum text NOT NULL,
    applied_by text NOT NULL DEFAULT session_user,
    applied_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
