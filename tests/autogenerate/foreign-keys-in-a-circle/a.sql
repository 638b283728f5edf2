CREATE TABLE department (department_id integer PRIMARY KEY, name text);
