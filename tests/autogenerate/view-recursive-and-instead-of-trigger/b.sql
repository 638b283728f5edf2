CREATE TABLE node (node_id bigint PRIMARY KEY, parent_id bigint REFERENCES node);
CREATE RECURSIVE VIEW tree (node_id, depth, path) AS SELECT node_id, 1, ARRAY[node_id] FROM node WHERE parent_id IS NULL UNION ALL SELECT n.node_id, t.depth + 1, t.path || n.node_id FROM node n JOIN tree t ON n.parent_id = t.node_id;
CREATE FUNCTION tree_insert() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO node VALUES (NEW.node_id); RETURN NEW; END $$;
CREATE TRIGGER tree_insert INSTEAD OF INSERT OR UPDATE ON tree FOR EACH ROW EXECUTE FUNCTION tree_insert();
