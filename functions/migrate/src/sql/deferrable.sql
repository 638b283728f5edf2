-- The constraints that can be deferred, and those that are from the start, as SET CONSTRAINTS takes them.
SELECT string_agg(name, ', ') AS all_names,
       string_agg(name, ', ') FILTER (WHERE condeferred) AS initially_deferred
FROM (SELECT format('%I.%I', nspname, conname) AS name, condeferred
      FROM pg_constraint
      JOIN pg_namespace ON pg_namespace.oid = connamespace
      WHERE condeferrable) AS listed
