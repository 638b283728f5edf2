-- Every migration that is applied, wholly or partially, oldest first. A bookkeeping that an older
-- version of the engine has made lacks out_of_order.
SELECT version, name, checksum, down, state, stamped, applied_by, applied_at,
       coalesce((to_jsonb(history) ->> 'out_of_order')::boolean, false) AS out_of_order
FROM migrate.history
ORDER BY version
