CREATE TABLE note (note_id integer PRIMARY KEY, owner name DEFAULT CURRENT_USER, shared boolean);
ALTER TABLE note ENABLE ROW LEVEL SECURITY;
CREATE POLICY note_own ON note USING (owner = CURRENT_USER);
CREATE POLICY note_insert ON note FOR INSERT TO pair_writer WITH CHECK (owner = CURRENT_USER);
CREATE POLICY note_old ON note FOR DELETE USING (false);
