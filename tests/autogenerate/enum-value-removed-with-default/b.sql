CREATE TYPE status AS ENUM ('draft', 'open', 'closed');
CREATE TABLE ticket (ticket_id integer PRIMARY KEY, status status DEFAULT 'draft' NOT NULL, history status[] DEFAULT '{draft}' NOT NULL,
    CONSTRAINT ticket_check CHECK (status <> 'closed' OR array_length(history, 1) > 0));
CREATE INDEX ticket_open_idx ON ticket (ticket_id) WHERE status = 'open';
CREATE VIEW open_ticket AS SELECT ticket_id, status FROM ticket WHERE status = 'open';
CREATE FUNCTION close(t ticket) RETURNS status LANGUAGE sql AS $$ SELECT 'closed'::status $$;
GRANT SELECT ON open_ticket TO pair_reader;
COMMENT ON TYPE status IS 'Of a ticket';
