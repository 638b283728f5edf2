CREATE TYPE status AS ENUM ('open', 'closed');
CREATE TABLE ticket (ticket_id integer PRIMARY KEY, status status DEFAULT 'open' NOT NULL);
