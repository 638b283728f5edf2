CREATE TABLE event (event_id bigserial PRIMARY KEY, name text);
CREATE TABLE visit (visit_id serial PRIMARY KEY, event_id bigint NOT NULL REFERENCES event);
