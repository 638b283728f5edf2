CREATE TABLE department (department_id integer PRIMARY KEY, name text, head_id integer);
CREATE TABLE employee (
    employee_id integer PRIMARY KEY,
    department_id integer NOT NULL REFERENCES department,
    manager_id integer REFERENCES employee,
    office_id integer
);
CREATE TABLE office (office_id integer PRIMARY KEY, caretaker_id integer REFERENCES employee DEFERRABLE);
ALTER TABLE department ADD FOREIGN KEY (head_id) REFERENCES employee DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE employee ADD FOREIGN KEY (office_id) REFERENCES office;
