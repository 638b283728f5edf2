-- A migration is applied ('applied'), or its first statement is about to run ('applying'). The
-- primary key stops a second runner.
INSERT INTO migrate.history (version, name, checksum, down, state, stamped)
VALUES ($1, $2, $3, $4, $5, $6)
