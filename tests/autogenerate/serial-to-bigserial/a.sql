CREATE TABLE event (event_id serial PRIMARY KEY, name text);
CREATE TABLE visit (visit_id smallserial PRIMARY KEY, event_id integer NOT NULL REFERENCES event);
