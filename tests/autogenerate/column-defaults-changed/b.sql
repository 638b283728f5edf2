CREATE SEQUENCE ticket_number START 1000;
CREATE TABLE ticket (
    ticket_id integer PRIMARY KEY,
    number bigint DEFAULT nextval('ticket_number'),
    opened_at timestamptz DEFAULT clock_timestamp(),
    status text DEFAULT 'it''s "new"; -- not $$old$$',
    tags text[] DEFAULT ARRAY['a', 'b,c']::text[],
    data jsonb DEFAULT '{"a": [1, 2]}'::jsonb,
    token uuid,
    due date DEFAULT (now() + interval '1 month')::date
);
