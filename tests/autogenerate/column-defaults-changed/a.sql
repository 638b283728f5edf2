CREATE SEQUENCE ticket_number START 1000;
CREATE TABLE ticket (
    ticket_id integer PRIMARY KEY,
    number bigint,
    opened_at timestamptz DEFAULT now(),
    status text DEFAULT 'open',
    tags text[] DEFAULT '{}',
    data jsonb,
    token uuid DEFAULT gen_random_uuid(),
    due date DEFAULT (CURRENT_DATE + 7)
);
