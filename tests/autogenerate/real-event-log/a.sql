CREATE TABLE event (
    event_id bigserial PRIMARY KEY,
    kind varchar(30) NOT NULL,
    payload json,
    created_at timestamp DEFAULT now() NOT NULL
);
CREATE INDEX event_kind_idx ON event (kind);
CREATE TABLE subscriber (subscriber_id serial PRIMARY KEY, url text NOT NULL, last_event bigint REFERENCES event);
CREATE FUNCTION notify_event() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_notify('event', NEW.event_id::text); RETURN NEW; END $$;
CREATE TRIGGER event_notify AFTER INSERT ON event FOR EACH ROW EXECUTE FUNCTION notify_event();
CREATE RULE event_keep AS ON DELETE TO event DO INSTEAD NOTHING;
