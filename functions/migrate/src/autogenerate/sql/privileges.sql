-- Owners, grants, default privileges and comments, as facts (see facts.rs).
WITH
object(class, oid, word, name, owner, acl, usual, extra) AS (
    SELECT 'pg_class'::regclass::oid, c.oid, CASE relkind WHEN 'S' THEN 'SEQUENCE' WHEN 'v' THEN 'VIEW' WHEN 'm' THEN 'MATERIALIZED VIEW' WHEN 'f' THEN 'FOREIGN TABLE' ELSE 'TABLE' END,
        c.oid::regclass::text, relowner, relacl, acldefault(CASE relkind WHEN 'S' THEN 's' ELSE 'r' END::"char", relowner),
        jsonb_build_object('follows', (SELECT json_build_array(refclassid, refobjid, 0, '') FROM pg_depend
            WHERE classid = 'pg_class'::regclass AND objid = c.oid AND relkind = 'S' AND deptype IN ('a', 'i') AND refclassid = 'pg_class'::regclass))
    FROM pg_class c WHERE relkind IN ('r', 'p', 'v', 'm', 'f', 'S') AND relpersistence <> 't'
    UNION ALL SELECT 'pg_proc'::regclass, oid, CASE prokind WHEN 'a' THEN 'AGGREGATE' WHEN 'p' THEN 'PROCEDURE' ELSE 'FUNCTION' END, oid::regprocedure::text, proowner, proacl, acldefault('f', proowner), '{}' FROM pg_proc p
        WHERE NOT EXISTS (SELECT FROM pg_depend WHERE (classid, objid, deptype) = ('pg_proc'::regclass, p.oid, 'i'))
    UNION ALL SELECT 'pg_type'::regclass, oid, CASE typtype WHEN 'd' THEN 'DOMAIN' ELSE 'TYPE' END, oid::regtype::text, typowner, typacl, acldefault('T', typowner), '{}' FROM pg_type t
        WHERE typtype IN ('d', 'e', 'r') OR typtype = 'c' AND EXISTS (SELECT FROM pg_class WHERE oid = typrelid AND relkind = 'c')
    -- In a new database, everybody may use the schema public.
    UNION ALL SELECT 'pg_namespace'::regclass, oid, 'SCHEMA', quote_ident(nspname), nspowner, CASE nspname WHEN 'public' THEN coalesce(nspacl, acldefault('n', nspowner)) ELSE nspacl END,
        CASE nspname WHEN 'public' THEN acldefault('n', nspowner) || makeaclitem(0, nspowner, 'USAGE', false) ELSE acldefault('n', nspowner) END, '{}' FROM pg_namespace
    UNION ALL SELECT 'pg_collation'::regclass, oid, 'COLLATION', format('%s.%I', collnamespace::regnamespace, collname), collowner, NULL, NULL, '{}' FROM pg_collation
    UNION ALL SELECT 'pg_statistic_ext'::regclass, oid, 'STATISTICS', format('%s.%I', stxnamespace::regnamespace, stxname), stxowner, NULL, NULL, '{}' FROM pg_statistic_ext
    UNION ALL SELECT 'pg_event_trigger'::regclass, oid, 'EVENT TRIGGER', quote_ident(evtname), evtowner, NULL, NULL, '{}' FROM pg_event_trigger
),
-- Every list of privileges beside what it is by default.
list(class, oid, sub, on_sql, usual, given, extra) AS (
    SELECT class, oid, 0, 'ON ' || CASE WHEN word IN ('FUNCTION', 'PROCEDURE', 'AGGREGATE') THEN 'ROUTINE' WHEN word LIKE '%VIEW' OR word = 'FOREIGN TABLE' THEN 'TABLE' WHEN word = 'DOMAIN' THEN 'TYPE' ELSE word END || ' ' || name,
        usual, acl, jsonb_build_object('owner', owner::regrole) FROM object WHERE acl IS NOT NULL
    UNION ALL SELECT class, attrelid, attnum, 'ON TABLE ' || name, NULL, attacl, jsonb_build_object('column', quote_ident(attname)) FROM pg_attribute JOIN object ON class = 'pg_class'::regclass AND oid = attrelid
        WHERE attacl IS NOT NULL AND attnum > 0 AND NOT attisdropped
    UNION ALL SELECT 'pg_default_acl'::regclass, oid, 0, 'ON ' || CASE defaclobjtype WHEN 'r' THEN 'TABLES' WHEN 'S' THEN 'SEQUENCES' WHEN 'f' THEN 'FUNCTIONS' WHEN 'T' THEN 'TYPES' WHEN 'n' THEN 'SCHEMAS' ELSE 'LARGE OBJECTS' END,
        CASE defaclnamespace WHEN 0 THEN acldefault(CASE defaclobjtype WHEN 'S' THEN 's' ELSE defaclobjtype END, defaclrole) END, defaclacl,
        jsonb_build_object('prefix', concat('ALTER DEFAULT PRIVILEGES FOR ROLE ', defaclrole::regrole, ' IN SCHEMA ' || nullif(defaclnamespace, 0)::regnamespace, ' '),
            'needs', CASE WHEN defaclnamespace <> 0 THEN json_build_array(json_build_array('pg_namespace'::regclass::oid, defaclnamespace, 0, '')) END) FROM pg_default_acl
),
privilege AS (
    SELECT list.*, is_usual, place, CASE grantee WHEN 0 THEN 'PUBLIC' ELSE grantee::regrole::text END AS grantee, privilege_type || CASE WHEN is_grantable THEN ' WITH GRANT OPTION' ELSE '' END AS privilege
    FROM list CROSS JOIN LATERAL (SELECT true AS is_usual, 0 AS place, u.* FROM aclexplode(usual) u
        UNION ALL SELECT false, place, grantor, grantee, privilege_type, is_grantable FROM aclexplode(given) WITH ORDINALITY AS g(grantor, grantee, privilege_type, is_grantable, place)) AS item
),
remark AS (
    SELECT classoid, objoid, objsubid, description, NULL AS usual, i.type, i.identity FROM pg_description CROSS JOIN LATERAL pg_identify_object(classoid, objoid, objsubid) i
    WHERE objoid >= 16384 AND i.identity <> 'public'
    UNION ALL
    SELECT 'pg_namespace'::regclass, oid, 0, obj_description(oid, 'pg_namespace'), 'standard public schema', 'schema', 'public' FROM pg_namespace
    WHERE nspname = 'public' AND obj_description(oid, 'pg_namespace') IS DISTINCT FROM 'standard public schema'
),
fact(class, object, sub, aspect, kind, name, parent, sql, drop, attributes, extra) AS (
    SELECT class, oid, 0, 'owner', 'owner', concat_ws(' ', lower(word), name), json_build_array(class, oid, 0, ''), format('ALTER %s %s OWNER TO %s', word, name, owner::regrole), '',
        jsonb_build_object('owner', owner::regrole), extra || jsonb_build_object('restate', true) FROM object WHERE (oid >= 16384 OR name = 'public') AND name !~ '^(pg_|migrate($|\.))'
        -- The sequence of an identity column belongs to it.
        AND NOT EXISTS (SELECT FROM pg_depend WHERE (classid, objid, deptype) = (class, oid, 'i') AND word = 'SEQUENCE')
    UNION ALL
    SELECT class, oid, sub, 'grant ' || grantee, 'grant', concat_ws(' ', extra ->> 'prefix', on_sql, grantee, extra ->> 'column'),
        CASE WHEN class <> 'pg_default_acl'::regclass THEN json_build_array(class, oid, sub, '') END, '', '',
        jsonb_build_object('usual', coalesce(jsonb_agg(DISTINCT privilege) FILTER (WHERE is_usual), '[]'), 'given', coalesce(jsonb_agg(DISTINCT privilege) FILTER (WHERE NOT is_usual), '[]')),
        extra || jsonb_build_object('on', on_sql, 'grantee', grantee, 'order', min(place) FILTER (WHERE NOT is_usual))
    FROM privilege WHERE (oid >= 16384 OR on_sql = 'ON SCHEMA public') AND on_sql !~ '^ON \S+ (pg_|migrate($|\.))'
    GROUP BY class, oid, sub, on_sql, grantee, extra
    HAVING coalesce(array_agg(DISTINCT privilege) FILTER (WHERE is_usual), '{}') <> coalesce(array_agg(DISTINCT privilege) FILTER (WHERE NOT is_usual), '{}')
    UNION ALL
    SELECT classoid, objoid, objsubid, 'comment', 'comment', concat_ws(' ', type, identity),
        json_build_array(classoid, objoid, CASE WHEN type IN ('view column', 'materialized view column', 'composite type column') THEN 0 ELSE objsubid END, ''),
        format('COMMENT ON %s IS %L', target, description), format('COMMENT ON %s IS %L', target, usual), '{}', '{"restate": true}'
    FROM remark CROSS JOIN LATERAL (SELECT CASE type WHEN 'domain constraint' THEN 'CONSTRAINT ' || replace(identity, ' on ', ' ON DOMAIN ') ELSE concat_ws(' ',
        CASE type WHEN 'table constraint' THEN 'CONSTRAINT' WHEN 'composite type' THEN 'TYPE' WHEN 'statistics object' THEN 'STATISTICS' ELSE CASE WHEN type LIKE '% column' THEN 'COLUMN' ELSE upper(type) END END, identity) END AS target) AS t
    WHERE identity !~ '^migrate($|\.)'
)
SELECT coalesce(json_agg(fact), '[]')::text FROM fact
