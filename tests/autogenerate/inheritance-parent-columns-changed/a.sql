CREATE TABLE thing (thing_id integer NOT NULL, name text, CONSTRAINT thing_name CHECK (name <> ''));
CREATE TABLE dated (at date DEFAULT CURRENT_DATE);
CREATE TABLE event (place text) INHERITS (thing, dated);
CREATE TABLE party (guests integer) INHERITS (event);
