CREATE TYPE state AS ENUM ('draft', 'late', 'done');
CREATE TABLE task (task_id integer PRIMARY KEY, state state NOT NULL DEFAULT 'late');
CREATE INDEX task_late_idx ON task (task_id) WHERE state = 'late';
