CREATE TYPE state AS ENUM ('draft', 'done');
CREATE TABLE task (task_id integer PRIMARY KEY, state state NOT NULL);
