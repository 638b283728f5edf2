-- A migration is applied.
INSERT INTO migrate.history (version, name)
VALUES ($1, $2)
