-- A migration is reverted. That may have dropped what repeatable files have made, so the next upgrade
-- applies them all again.
WITH again AS (
    DELETE FROM migrate.repeatable
)
DELETE FROM migrate.history
WHERE version = $1
