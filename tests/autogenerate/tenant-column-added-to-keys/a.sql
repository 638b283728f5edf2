CREATE TABLE project (project_id integer PRIMARY KEY, name text UNIQUE);
CREATE TABLE task (task_id integer PRIMARY KEY, project_id integer NOT NULL REFERENCES project, title text);
CREATE INDEX task_project_idx ON task (project_id);
