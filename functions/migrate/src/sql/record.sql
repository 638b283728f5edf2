-- A migration is applied ('applied') or begins to be ('applying'). Its key stops a second runner.
INSERT INTO migrate.history (version, name, checksum, down, state, stamped)
VALUES ($1, $2, $3, $4, $5, $6)
