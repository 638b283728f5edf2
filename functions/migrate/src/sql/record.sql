-- A migration is applied ('applied'), or its first statement is about to run ('applying'). The
-- primary key stops a second runner. One that is older than another is out of order, unless it was
-- only stamped.
INSERT INTO migrate.history (version, name, checksum, down, state, stamped, out_of_order)
VALUES ($1, $2, $3, $4, $5, $6, NOT $6 AND EXISTS (SELECT FROM migrate.history WHERE version > $1))
