-- Schemas, extensions, collations, types and routines, as facts (see facts.rs).
WITH
attribute AS (
    SELECT attrelid, attnum, attname, type, quote_ident(attname) || ' ' || type AS part
    FROM pg_attribute a JOIN pg_class r ON r.oid = attrelid AND relkind = 'c'
        CROSS JOIN LATERAL (SELECT concat(format_type(atttypid, atttypmod), (SELECT format(' COLLATE %I.%I', nspname, collname) FROM pg_collation c JOIN pg_namespace n ON n.oid = collnamespace
            WHERE c.oid = attcollation AND attcollation <> (SELECT b.typcollation FROM pg_type b WHERE b.oid = atttypid))) AS type) AS text
    WHERE attnum > 0 AND NOT attisdropped
),
fact(class, object, sub, aspect, kind, name, parent, sql, drop, attributes, extra) AS (
    SELECT 'pg_namespace'::regclass::oid, oid, 0, '', 'schema', quote_ident(nspname), NULL::json, format('CREATE SCHEMA %I', nspname),
        format('DROP SCHEMA %I', nspname), '{}'::jsonb, '{}'::jsonb
    FROM pg_namespace WHERE (oid >= 16384 OR nspname = 'public') AND nspname !~ '^pg_' AND nspname <> 'migrate'
    UNION ALL
    SELECT 'pg_extension'::regclass, oid, 0, '', 'extension', quote_ident(extname), NULL,
        format('CREATE EXTENSION %I WITH SCHEMA %s', extname, extnamespace::regnamespace), format('DROP EXTENSION %I', extname),
        jsonb_build_object('schema', extnamespace::regnamespace), jsonb_build_object('alter', jsonb_build_object('schema', CASE WHEN extrelocatable THEN format('ALTER EXTENSION %I SET SCHEMA %s', extname, extnamespace::regnamespace) END))
    FROM pg_extension WHERE oid >= 16384
    UNION ALL
    SELECT 'pg_collation'::regclass, c.oid, 0, '', 'collation', format('%I.%I', nspname, collname), json_build_array('pg_namespace'::regclass::oid, collnamespace, 0, ''),
        format('CREATE COLLATION %I.%I (provider = %s, %s%s%s)', nspname, collname, CASE collprovider WHEN 'i' THEN 'icu' WHEN 'b' THEN 'builtin' ELSE 'libc' END,
            coalesce('locale = ' || quote_literal(coalesce(to_jsonb(c) ->> 'colllocale', to_jsonb(c) ->> 'colliculocale')),
                CASE WHEN collcollate = collctype THEN format('locale = %L', collcollate) ELSE format('lc_collate = %L, lc_ctype = %L', collcollate, collctype) END),
            CASE WHEN collisdeterministic THEN '' ELSE ', deterministic = false' END, ', rules = ' || quote_literal(to_jsonb(c) ->> 'collicurules')),
        format('DROP COLLATION %I.%I', nspname, collname), '{}', jsonb_build_object('aside', quote_ident('old_' || collname))
    FROM pg_collation c JOIN pg_namespace n ON n.oid = collnamespace WHERE c.oid >= 16384
    UNION ALL
    SELECT 'pg_type'::regclass, t.oid, 0, '', CASE typtype WHEN 'e' THEN 'enum' WHEN 'd' THEN 'domain' WHEN 'r' THEN 'range' ELSE 'composite' END,
        format('%I.%I', nspname, typname), json_build_array('pg_namespace'::regclass::oid, typnamespace, 0, ''),
        CASE typtype
        WHEN 'e' THEN format('CREATE TYPE %I.%I AS ENUM (%s)', nspname, typname, (SELECT string_agg(quote_literal(enumlabel), ', ' ORDER BY enumsortorder) FROM pg_enum WHERE enumtypid = t.oid))
        WHEN 'd' THEN concat(format('CREATE DOMAIN %I.%I AS ', nspname, typname), base, collate_clause)
        WHEN 'r' THEN (SELECT format('CREATE TYPE %I.%I AS RANGE (%s)', nspname, typname, concat_ws(', ', 'subtype = ' || format_type(rngsubtype, NULL),
                (SELECT format('subtype_opclass = %I.%I', n.nspname, opcname) FROM pg_opclass o JOIN pg_namespace n ON n.oid = opcnamespace WHERE o.oid = rngsubopc AND NOT opcdefault),
                (SELECT format('collation = %I.%I', n.nspname, collname) FROM pg_collation c JOIN pg_namespace n ON n.oid = collnamespace
                    WHERE c.oid = rngcollation AND rngcollation <> (SELECT b.typcollation FROM pg_type b WHERE b.oid = rngsubtype)),
                'canonical = ' || nullif(rngcanonical, 0)::regproc, 'subtype_diff = ' || nullif(rngsubdiff, 0)::regproc, 'multirange_type_name = ' || rngmultitypid::regtype))
            FROM pg_range WHERE rngtypid = t.oid)
        ELSE format('CREATE TYPE %I.%I AS (%s)', nspname, typname, (SELECT string_agg(part, ', ' ORDER BY attnum) FROM attribute WHERE attrelid = typrelid)) END,
        format('DROP %s %I.%I', CASE typtype WHEN 'd' THEN 'DOMAIN' ELSE 'TYPE' END, nspname, typname),
        CASE typtype WHEN 'e' THEN (SELECT jsonb_build_object('labels', jsonb_agg(enumlabel ORDER BY enumsortorder)) FROM pg_enum WHERE enumtypid = t.oid)
            WHEN 'd' THEN jsonb_build_object('not_null', typnotnull, 'default', typdefault, 'base', concat(base, collate_clause))
            WHEN 'c' THEN (SELECT jsonb_build_object('names', coalesce(jsonb_agg(quote_ident(attname) ORDER BY attnum), '[]'), 'parts', coalesce(jsonb_agg(part ORDER BY attnum), '[]')) FROM attribute WHERE attrelid = typrelid)
            ELSE '{}' END,
        jsonb_build_object('slot', 'relation ' || format('%I.%I', nspname, typname), 'aside', quote_ident('old_' || typname),
            'alter', CASE typtype WHEN 'd' THEN jsonb_build_object('default', format('ALTER DOMAIN %I.%I %s', nspname, typname, coalesce('SET DEFAULT ' || typdefault, 'DROP DEFAULT')),
                'not_null', format('ALTER DOMAIN %I.%I %s NOT NULL', nspname, typname, CASE WHEN typnotnull THEN 'SET' ELSE 'DROP' END)) END)
    FROM pg_type t JOIN pg_namespace n ON n.oid = typnamespace
        CROSS JOIN LATERAL (SELECT format_type(typbasetype, typtypmod) AS base, (SELECT format(' COLLATE %I.%I', n.nspname, collname) FROM pg_collation c JOIN pg_namespace n ON n.oid = collnamespace
            WHERE c.oid = typcollation AND typtype = 'd' AND typcollation <> (SELECT b.typcollation FROM pg_type b WHERE b.oid = t.typbasetype)) AS collate_clause) AS base
        CROSS JOIN LATERAL (SELECT 1 FROM pg_class WHERE oid = typrelid AND relkind = 'c' UNION ALL SELECT 1 WHERE typrelid = 0) AS own
    WHERE t.oid >= 16384 AND typtype IN ('e', 'd', 'r', 'c') AND nspname NOT IN ('pg_toast', 'migrate') AND nspname !~ '^pg_temp'
    UNION ALL
    SELECT 'pg_constraint'::regclass, oid, 0, '', 'domain constraint', format('%s.%I', contypid::regtype, conname), json_build_array('pg_type'::regclass::oid, contypid, 0, ''),
        format('ALTER DOMAIN %s ADD CONSTRAINT %I %s', contypid::regtype, conname, pg_get_constraintdef(oid)),
        format('ALTER DOMAIN %s DROP CONSTRAINT %I', contypid::regtype, conname), jsonb_build_object('valid', convalidated, 'bare', regexp_replace(pg_get_constraintdef(oid), ' NOT VALID$', '')),
        jsonb_build_object('alter', jsonb_build_object('valid', CASE WHEN convalidated THEN format('ALTER DOMAIN %s VALIDATE CONSTRAINT %I', contypid::regtype, conname) END), 'inline', format('CONSTRAINT %I %s', conname, pg_get_constraintdef(oid)))
    FROM pg_constraint WHERE contypid <> 0 AND contype = 'c' AND oid >= 16384
    UNION ALL
    SELECT 'pg_proc'::regclass, p.oid, 0, '', CASE prokind WHEN 'a' THEN 'aggregate' WHEN 'p' THEN 'procedure' ELSE 'function' END, p.oid::regprocedure::text,
        json_build_array('pg_namespace'::regclass::oid, pronamespace, 0, ''),
        CASE prokind WHEN 'a' THEN (SELECT format('CREATE AGGREGATE %s.%I(%s) (%s)', pronamespace::regnamespace, proname,
            CASE WHEN pronargs = 0 THEN '*' ELSE pg_get_function_identity_arguments(p.oid) END, concat_ws(', ', 'sfunc = ' || aggtransfn::regproc, 'stype = ' || format_type(aggtranstype, NULL),
            'sspace = ' || nullif(aggtransspace, 0), 'finalfunc = ' || nullif(aggfinalfn, 0)::regproc, CASE WHEN aggfinalextra THEN 'finalfunc_extra' END,
            CASE WHEN aggfinalfn <> 0 AND aggfinalmodify <> CASE aggkind WHEN 'n' THEN 'r' ELSE 'w' END THEN 'finalfunc_modify = ' || CASE aggfinalmodify WHEN 'r' THEN 'read_only' WHEN 's' THEN 'shareable' ELSE 'read_write' END END,
            'combinefunc = ' || nullif(aggcombinefn, 0)::regproc, 'serialfunc = ' || nullif(aggserialfn, 0)::regproc, 'deserialfunc = ' || nullif(aggdeserialfn, 0)::regproc,
            'initcond = ' || quote_literal(agginitval), 'msfunc = ' || nullif(aggmtransfn, 0)::regproc, 'minvfunc = ' || nullif(aggminvtransfn, 0)::regproc,
            'mstype = ' || format_type(nullif(aggmtranstype, 0), NULL), 'mfinalfunc = ' || nullif(aggmfinalfn, 0)::regproc, 'minitcond = ' || quote_literal(aggminitval),
            (SELECT format('sortop = operator(%s.%s)', oprnamespace::regnamespace, oprname) FROM pg_operator WHERE oid = aggsortop), CASE aggkind WHEN 'h' THEN 'hypothetical' END,
            CASE proparallel WHEN 's' THEN 'parallel = safe' WHEN 'r' THEN 'parallel = restricted' END)) FROM pg_aggregate WHERE aggfnoid = p.oid)
        ELSE rtrim(pg_get_functiondef(p.oid), E'\n') END,
        format('DROP %s %s', CASE prokind WHEN 'a' THEN 'AGGREGATE' WHEN 'p' THEN 'PROCEDURE' ELSE 'FUNCTION' END,
            CASE WHEN prokind = 'a' THEN format('%s.%I(%s)', pronamespace::regnamespace, proname, CASE WHEN pronargs = 0 THEN '*' ELSE pg_get_function_identity_arguments(p.oid) END) ELSE p.oid::regprocedure::text END),
        '{}',
        -- What CREATE OR REPLACE may not change: the result, names of arguments, and defaults that are there.
        jsonb_build_object('slot', 'routine ' || p.oid::regprocedure::text, 'result', coalesce(pg_get_function_result(p.oid), 'procedure'),
            'arguments', (SELECT coalesce(jsonb_agg(concat(mode, ' ', name)), '[]') FROM unnest(proargnames, proargmodes) AS argument(name, mode)), 'types', proallargtypes, 'defaults', pronargdefaults, 'variadic', provariadic)
    FROM pg_proc p WHERE p.oid >= 16384 AND pronamespace::regnamespace::text <> 'migrate'
        AND NOT EXISTS (SELECT FROM pg_depend WHERE (classid, objid, deptype) = ('pg_proc'::regclass, p.oid, 'i'))
)
SELECT coalesce(json_agg(fact), '[]')::text FROM fact
