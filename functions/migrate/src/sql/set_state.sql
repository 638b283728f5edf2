-- A migration outside of a transaction enters its next state.
UPDATE migrate.history
SET state = $2, checksum = coalesce($3, checksum), down = coalesce($4, down)
WHERE version = $1
