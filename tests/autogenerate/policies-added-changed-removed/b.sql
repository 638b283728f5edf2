CREATE TABLE note (note_id integer PRIMARY KEY, owner name DEFAULT CURRENT_USER, shared boolean);
ALTER TABLE note ENABLE ROW LEVEL SECURITY;
CREATE POLICY note_own ON note TO pair_reader, pair_writer USING (owner = CURRENT_USER OR shared) WITH CHECK (owner = CURRENT_USER);
CREATE POLICY note_insert ON note AS RESTRICTIVE FOR INSERT TO pair_writer WITH CHECK (owner = CURRENT_USER);
CREATE POLICY note_new ON note FOR SELECT TO PUBLIC USING (EXISTS (SELECT 1 FROM note n WHERE n.note_id < note.note_id));
COMMENT ON POLICY note_own ON note IS 'Each their own';
