-- The newest migration that was applied completely, and the timeout of this role. pg_settings would
-- take longer than all the rest.
SELECT max(version) AS revision,
       (extract(epoch FROM current_setting('statement_timeout')::interval) * 1000)::integer
           AS statement_timeout_ms
FROM migrate.history
WHERE state = 'applied'
