-- Every migration that is applied, wholly or partially, oldest first. A bookkeeping that an older
-- version of the engine has made lacks out_of_order and moved_from.
SELECT version, name, checksum, down, state, stamped, applied_by, applied_at,
       coalesce((to_jsonb(history) ->> 'out_of_order')::boolean, false) AS out_of_order,
       to_jsonb(history) ->> 'moved_from' AS moved_from
FROM migrate.history
ORDER BY version
