CREATE TABLE category (category_id integer PRIMARY KEY, parent_id integer, name text, CONSTRAINT category_parent_fk FOREIGN KEY (parent_id) REFERENCES category);
