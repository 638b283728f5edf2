CREATE TABLE account (
    account_id integer PRIMARY KEY,
    active text DEFAULT 'true' NOT NULL,
    CONSTRAINT account_active_check CHECK (active IN ('true', 'false', 'paused'))
);
