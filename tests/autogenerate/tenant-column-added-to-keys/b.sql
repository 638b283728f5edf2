CREATE TABLE project (project_id integer NOT NULL, name text, tenant_id integer DEFAULT 0 NOT NULL, PRIMARY KEY (tenant_id, project_id), UNIQUE (tenant_id, name));
CREATE TABLE task (task_id integer NOT NULL, project_id integer NOT NULL, title text, tenant_id integer DEFAULT 0 NOT NULL, PRIMARY KEY (tenant_id, task_id), FOREIGN KEY (tenant_id, project_id) REFERENCES project);
CREATE INDEX task_project_idx ON task (tenant_id, project_id);
ALTER TABLE project ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON project USING (tenant_id = current_setting('app.tenant')::integer);
