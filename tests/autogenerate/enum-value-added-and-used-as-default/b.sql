CREATE TYPE status AS ENUM ('new', 'open', 'closed');
CREATE TABLE ticket (ticket_id integer PRIMARY KEY, status status DEFAULT 'new' NOT NULL);
CREATE INDEX ticket_new_idx ON ticket (ticket_id) WHERE status = 'new';
CREATE VIEW new_ticket AS SELECT ticket_id FROM ticket WHERE status = 'new';
