-- Every migration that is applied, wholly or partially, oldest first. A bookkeeping that an older
-- version of the engine has made lacks the last two columns: there their names mean those of `older`.
SELECT history.*
FROM (VALUES (false, NULL::text)) AS older (out_of_order, moved_from),
     LATERAL (SELECT version, name, checksum, down, state, stamped, applied_by, applied_at,
                     out_of_order, moved_from
              FROM migrate.history) AS history
ORDER BY version
