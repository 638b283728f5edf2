-- A person has recorded what became of a migration.
INSERT INTO migrate.repair (version, outcome)
VALUES ($1, $2)
