CREATE TYPE event_kind AS ENUM ('created', 'changed', 'deleted');
CREATE TABLE event (
    event_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    kind event_kind NOT NULL,
    payload jsonb DEFAULT '{}' NOT NULL,
    created_at timestamptz DEFAULT clock_timestamp() NOT NULL,
    actor text GENERATED ALWAYS AS (payload ->> 'actor') STORED,
    CONSTRAINT event_payload_object CHECK (jsonb_typeof(payload) = 'object')
) WITH (autovacuum_vacuum_insert_scale_factor = 0.02);
CREATE INDEX event_kind_idx ON event (kind, created_at DESC);
CREATE INDEX event_created_idx ON event USING brin (created_at);
CREATE INDEX event_payload_idx ON event USING gin (payload jsonb_path_ops);
CREATE STATISTICS event_stats (dependencies) ON kind, actor FROM event;
CREATE TABLE subscriber (subscriber_id serial PRIMARY KEY, url text NOT NULL, last_event bigint, kinds event_kind[] DEFAULT '{created,deleted}' NOT NULL);
CREATE TABLE delivery (
    event_id bigint NOT NULL REFERENCES event,
    subscriber_id integer NOT NULL REFERENCES subscriber ON DELETE CASCADE,
    tries smallint DEFAULT 0 NOT NULL,
    next_try timestamptz,
    PRIMARY KEY (subscriber_id, event_id)
);
CREATE INDEX delivery_next_idx ON delivery (next_try) WHERE next_try IS NOT NULL;
CREATE FUNCTION fan_out() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO delivery (event_id, subscriber_id, next_try)
    SELECT e.event_id, s.subscriber_id, now() FROM fresh e JOIN subscriber s ON e.kind = ANY (s.kinds);
    PERFORM pg_notify('event', count(*)::text) FROM fresh;
    RETURN NULL;
END
$$;
CREATE TRIGGER event_fan_out AFTER INSERT ON event REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION fan_out();
CREATE FUNCTION keep() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'events are kept'; END $$;
CREATE TRIGGER event_keep BEFORE DELETE OR UPDATE ON event FOR EACH STATEMENT EXECUTE FUNCTION keep();
ALTER TABLE event ENABLE ALWAYS TRIGGER event_keep;
CREATE PROCEDURE prune(older interval DEFAULT '90 days') LANGUAGE plpgsql AS $$ BEGIN DELETE FROM delivery WHERE next_try < now() - older; COMMIT; END $$;
CREATE VIEW backlog AS SELECT subscriber_id, count(*) AS waiting, min(next_try) AS oldest FROM delivery WHERE next_try IS NOT NULL GROUP BY subscriber_id;
