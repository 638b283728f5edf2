CREATE TABLE node (node_id integer PRIMARY KEY, parent_id integer REFERENCES node);
CREATE VIEW tree AS WITH RECURSIVE t AS (SELECT node_id, 1 AS depth FROM node WHERE parent_id IS NULL UNION ALL SELECT n.node_id, t.depth + 1 FROM node n JOIN t ON n.parent_id = t.node_id) SELECT node_id, depth FROM t;
CREATE FUNCTION tree_insert() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO node VALUES (NEW.node_id); RETURN NEW; END $$;
CREATE TRIGGER tree_insert INSTEAD OF INSERT ON tree FOR EACH ROW EXECUTE FUNCTION tree_insert();
