CREATE TYPE old_state AS ENUM ('on', 'off');
CREATE TABLE lamp (lamp_id integer PRIMARY KEY, state old_state DEFAULT 'off');
