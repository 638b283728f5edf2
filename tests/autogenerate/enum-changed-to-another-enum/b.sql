CREATE TYPE new_state AS ENUM ('off', 'dim', 'on');
CREATE TABLE lamp (lamp_id integer PRIMARY KEY, state new_state DEFAULT 'off');
