-- The newest migration that was applied completely, and the timeout of this role.
SELECT max(version) AS revision,
       (SELECT setting::integer FROM pg_settings WHERE name = 'statement_timeout')
           AS statement_timeout_ms
FROM migrate.history
WHERE state = 'applied'
