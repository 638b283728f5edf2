CREATE TABLE category (category_id bigint PRIMARY KEY, parent_id bigint, name text, path text[] DEFAULT '{}' NOT NULL,
    CONSTRAINT category_parent_fk FOREIGN KEY (parent_id) REFERENCES category ON DELETE CASCADE,
    CONSTRAINT category_not_own_parent CHECK (parent_id <> category_id),
    CONSTRAINT category_name_key UNIQUE NULLS NOT DISTINCT (parent_id, name));
CREATE VIEW category_tree AS WITH RECURSIVE t AS (SELECT category_id, 0 AS depth FROM category WHERE parent_id IS NULL UNION ALL SELECT c.category_id, t.depth + 1 FROM category c JOIN t ON c.parent_id = t.category_id) SELECT * FROM t;
