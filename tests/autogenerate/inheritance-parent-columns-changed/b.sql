CREATE TABLE thing (thing_id bigint NOT NULL, name text NOT NULL, CONSTRAINT thing_name CHECK (name <> '' AND name <> ' '));
CREATE TABLE dated (at timestamptz DEFAULT now());
CREATE TABLE event (place text) INHERITS (thing, dated);
CREATE TABLE party (guests bigint DEFAULT 1) INHERITS (event);
