-- A database's catalog as text: what the same migrations must make the same.
SELECT string_agg(line, E'\n' ORDER BY line)
FROM (
    SELECT format('column %s.%s %s %s %s %s', attrelid::regclass, attname, atttypid::regtype,
                  attnotnull, pg_get_expr(adbin, adrelid), attacl)
    FROM pg_attribute
    LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum
    WHERE attrelid >= 16384 AND attnum > 0 AND NOT attisdropped
    UNION ALL
    SELECT format('index %s %s', indisvalid, pg_get_indexdef(indexrelid))
    FROM pg_index
    WHERE indexrelid >= 16384
    UNION ALL
    SELECT format('relation %s %s %s', oid::regclass, relowner::regrole, relacl)
    FROM pg_class
    WHERE oid >= 16384
    UNION ALL
    SELECT format('function %s %s %s', oid::regprocedure, proowner::regrole, proacl)
    FROM pg_proc
    WHERE oid >= 16384
    UNION ALL
    SELECT format('schema %s %s', nspname, nspacl)
    FROM pg_namespace
    WHERE nspname = 'public'
    UNION ALL
    SELECT format('default %s %s', defaclrole::regrole, defaclacl)
    FROM pg_default_acl
    UNION ALL
    SELECT format('extension %s', extname)
    FROM pg_extension
    UNION ALL
    SELECT format('setting %s %s', setrole::regrole, setconfig)
    FROM pg_db_role_setting
    JOIN pg_database ON pg_database.oid = setdatabase
    WHERE datname = current_database()
) AS catalog (line)
WHERE line !~ 'migrate\.|pg_toast'
