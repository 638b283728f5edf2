-- Tables, foreign tables, their columns and settings, sequences and views, as facts (see facts.rs).
WITH
relation AS (
    SELECT c.*, c.oid::regclass::text AS name,
        CASE relkind WHEN 'v' THEN 'view' WHEN 'm' THEN 'materialized view' WHEN 'S' THEN 'sequence'
            WHEN 'f' THEN 'foreign table' WHEN 'r' THEN 'table' WHEN 'p' THEN 'table' END AS kind
    FROM pg_class c
    WHERE oid >= 16384 AND relkind IN ('r', 'p', 'v', 'm', 'S', 'f') AND relpersistence <> 't'
        AND relnamespace::regnamespace::text NOT IN ('pg_toast', 'migrate')
),
sequence AS (
    SELECT seqrelid, format('INCREMENT BY %s MINVALUE %s MAXVALUE %s START WITH %s CACHE %s%s', seqincrement,
            seqmin, seqmax, seqstart, seqcache, CASE WHEN seqcycle THEN ' CYCLE' ELSE ' NO CYCLE' END) AS options,
        -- What PostgreSQL chooses by itself.
        concat_ws(' ', CASE WHEN seqincrement <> 1 THEN 'INCREMENT BY ' || seqincrement END,
            CASE WHEN seqmin <> CASE WHEN seqincrement > 0 THEN 1 ELSE least_value END THEN 'MINVALUE ' || seqmin END,
            CASE WHEN seqmax <> CASE WHEN seqincrement > 0 THEN greatest_value ELSE -1 END THEN 'MAXVALUE ' || seqmax END,
            CASE WHEN seqstart <> CASE WHEN seqincrement > 0 THEN seqmin ELSE seqmax END THEN 'START WITH ' || seqstart END,
            CASE WHEN seqcache <> 1 THEN 'CACHE ' || seqcache END, CASE WHEN seqcycle THEN 'CYCLE' END) AS short,
        format_type(seqtypid, NULL) AS type,
        d.deptype, d.refobjid AS relid, d.refobjsubid AS num
    FROM pg_sequence
        CROSS JOIN LATERAL (SELECT CASE seqtypid::regtype::text WHEN 'smallint' THEN 32767
            WHEN 'integer' THEN 2147483647 ELSE 9223372036854775807 END AS greatest_value) AS most
        CROSS JOIN LATERAL (SELECT -greatest_value - 1 AS least_value) AS least
        LEFT JOIN pg_depend d ON d.classid = 'pg_class'::regclass AND d.objid = seqrelid AND d.objsubid = 0
            AND d.refclassid = 'pg_class'::regclass AND d.deptype IN ('a', 'i')
),
col AS (
    SELECT a.*, r.name AS relation, r.kind, r.relkind, r.relispartition, quote_ident(attname) AS column_name,
        format_type(atttypid, atttypmod) AS type, t.typstorage, t.typcollation,
        (SELECT format(' COLLATE %I.%I', n.nspname, c.collname) FROM pg_collation c
            JOIN pg_namespace n ON n.oid = collnamespace WHERE c.oid = attcollation AND attcollation <> t.typcollation) AS collate_clause,
        pg_get_expr(adbin, adrelid) AS expression, d.oid AS default_oid,
        -- Since PostgreSQL 17 a partition says that it has the identity of its table.
        CASE WHEN s.seqrelid IS NOT NULL THEN CASE attidentity WHEN 'a' THEN 'ALWAYS' ELSE 'BY DEFAULT' END END AS identity,
        s.options AS identity_options, s.short AS identity_short, s.seqrelid::regclass::text AS identity_sequence,
        NOT attislocal AND NOT r.relispartition OR relkind IN ('v', 'm') AS is_silent,
        (SELECT json_agg(json_build_array('pg_class'::regclass::oid, p.attrelid, p.attnum, ''))
            FROM pg_inherits JOIN pg_attribute p ON p.attrelid = inhparent AND p.attname = a.attname AND p.attnum > 0
            WHERE inhrelid = a.attrelid AND a.attinhcount > 0) AS inherited
    FROM pg_attribute a JOIN relation r ON r.oid = attrelid JOIN pg_type t ON t.oid = atttypid
        LEFT JOIN pg_attrdef d ON (adrelid, adnum) = (attrelid, attnum)
        LEFT JOIN sequence s ON (s.relid, s.num, s.deptype) = (attrelid, attnum::int, 'i') AND attidentity <> ''
    WHERE attnum > 0 AND NOT attisdropped AND relkind <> 'S'
),
fact AS (
    SELECT 'pg_class'::regclass::oid AS class, oid AS object, 0 AS sub, '' AS aspect, kind, name,
        json_build_array('pg_namespace'::regclass::oid, relnamespace, 0, '') AS parent,
        format('CREATE %s%s %s', CASE relpersistence WHEN 'u' THEN 'UNLOGGED ' END, upper(kind), name) AS sql,
        format('DROP %s %s', upper(kind), name) AS drop,
        jsonb_build_object('persistence', relpersistence, 'partition_key', pg_get_partkeydef(oid),
            'access_method', (SELECT amname FROM pg_am WHERE pg_am.oid = relam AND amname <> 'heap'),
            'of', CASE WHEN reloftype <> 0 THEN reloftype::regtype::text END,
            'server', (SELECT quote_ident(srvname) || coalesce(' OPTIONS (' || (SELECT string_agg(format('%I %L', option_name, option_value), ', ')
                FROM pg_options_to_table(ftoptions)) || ')', '')
                FROM pg_foreign_table JOIN pg_foreign_server s ON s.oid = ftserver WHERE ftrelid = relation.oid)) AS attributes,
        jsonb_build_object('slot', 'relation ' || name, 'alter', jsonb_build_object(
            'of', format('ALTER TABLE %s %s', name, coalesce('OF ' || nullif(reloftype, 0)::regtype, 'NOT OF')),
            'persistence', format('ALTER TABLE %s SET %s', name, CASE relpersistence WHEN 'u' THEN 'UNLOGGED' ELSE 'LOGGED' END),
            'access_method', format('ALTER TABLE %s SET ACCESS METHOD %s', name, coalesce((SELECT amname FROM pg_am WHERE pg_am.oid = relam), 'heap')))) AS extra
    FROM relation WHERE kind IN ('table', 'foreign table')
    UNION ALL
    SELECT 'pg_class'::regclass, attrelid, attnum, '', 'column', relation || '.' || column_name,
        json_build_array('pg_class'::regclass::oid, attrelid, 0, ''),
        format('ALTER %s %s ADD COLUMN ', upper(kind), relation),
        format('ALTER %s %s DROP COLUMN %s', upper(kind), relation, column_name),
        jsonb_build_object('type', type, 'collation', collate_clause, 'not_null', attnotnull, 'generated', CASE attgenerated WHEN '' THEN NULL ELSE expression END,
            'generated_kind', attgenerated, 'identity', identity,
            'sequence', identity_sequence, 'sequence_options', identity_options),
        jsonb_build_object('order', attnum, 'table', format('%s %s', upper(kind), relation), 'column', column_name, 'silent', is_silent, 'inherited', inherited,
            'inline', concat(column_name, ' ', type, collate_clause,
                CASE attgenerated WHEN 's' THEN ' GENERATED ALWAYS AS (' || expression || ') STORED'
                    WHEN 'v' THEN ' GENERATED ALWAYS AS (' || expression || ') VIRTUAL' END,
                CASE WHEN identity IS NOT NULL THEN format(' GENERATED %s AS IDENTITY (%s)', identity,
                    concat_ws(' ', 'SEQUENCE NAME ' || identity_sequence, nullif(identity_short, ''))) END,
                (SELECT ' OPTIONS (' || string_agg(format('%I %L', option_name, option_value), ', ') || ')' FROM pg_options_to_table(attfdwoptions))))
    FROM col WHERE kind IN ('table', 'foreign table')
    UNION ALL
    SELECT 'pg_attrdef'::regclass, default_oid, 0, '', 'default', relation || '.' || column_name,
        json_build_array('pg_class'::regclass::oid, attrelid, CASE WHEN kind = 'view' THEN 0 ELSE attnum END, ''),
        format('ALTER %s %s ALTER COLUMN %s SET DEFAULT %s', CASE kind WHEN 'table' THEN 'TABLE ONLY' ELSE upper(kind) END, relation, column_name, expression),
        format('ALTER %s %s ALTER COLUMN %s DROP DEFAULT', CASE kind WHEN 'table' THEN 'TABLE ONLY' ELSE upper(kind) END, relation, column_name),
        jsonb_build_object('expression', expression), jsonb_build_object('restate', true)
    FROM col WHERE default_oid IS NOT NULL AND attgenerated = ''
    UNION ALL
    SELECT 'pg_class'::regclass, attrelid, attnum, word, 'column ' || word, relation || '.' || column_name,
        json_build_array('pg_class'::regclass::oid, attrelid, CASE WHEN kind IN ('table', 'foreign table') THEN attnum ELSE 0 END, ''),
        format('ALTER %s %s ALTER COLUMN %s SET %s', upper(kind), relation, column_name, value),
        format('ALTER %s %s ALTER COLUMN %s %s', upper(kind), relation, column_name, usual), '{}', jsonb_build_object('restate', word <> 'options')
    FROM col CROSS JOIN LATERAL (VALUES
        ('storage', CASE WHEN attstorage <> typstorage THEN 'STORAGE ' || CASE attstorage WHEN 'p' THEN 'PLAIN' WHEN 'e' THEN 'EXTERNAL' WHEN 'm' THEN 'MAIN' ELSE 'EXTENDED' END END,
            'SET STORAGE ' || CASE typstorage WHEN 'p' THEN 'PLAIN' WHEN 'e' THEN 'EXTERNAL' WHEN 'm' THEN 'MAIN' ELSE 'EXTENDED' END),
        ('compression', CASE attcompression WHEN 'p' THEN 'COMPRESSION pglz' WHEN 'l' THEN 'COMPRESSION lz4' END, 'SET COMPRESSION DEFAULT'),
        ('statistics', CASE WHEN attstattarget >= 0 THEN 'STATISTICS ' || attstattarget END, 'SET STATISTICS -1'),
        ('options', '(' || array_to_string(attoptions, ', ') || ')',
            'RESET (' || (SELECT string_agg(option_name, ', ') FROM pg_options_to_table(attoptions)) || ')')) AS setting(word, value, usual)
    WHERE value IS NOT NULL AND kind <> 'view'
    UNION ALL
    SELECT 'pg_class'::regclass, oid, 0, 'option ' || option, 'table option', name || '.' || option, json_build_array('pg_class'::regclass::oid, oid, 0, ''),
        format('ALTER %s %s SET (%s = %L)', upper(kind), name, option, value), format('ALTER %s %s RESET (%s)', upper(kind), name, option),
        '{}', jsonb_build_object('restate', true, 'order', place)
    FROM relation CROSS JOIN LATERAL (
        SELECT o.option_name AS option, o.option_value AS value, place FROM pg_options_to_table(reloptions) WITH ORDINALITY AS o(option_name, option_value, place)
        UNION ALL SELECT 'toast.' || option_name, option_value, 0 FROM pg_class t CROSS JOIN LATERAL pg_options_to_table(t.reloptions)
        WHERE t.oid = relation.reltoastrelid) AS given
    WHERE kind IN ('table', 'materialized view')
    UNION ALL
    SELECT 'pg_class'::regclass, oid, 0, word, word, name, json_build_array('pg_class'::regclass::oid, oid, 0, ''),
        format('ALTER TABLE %s %s', name, on_sql), format('ALTER TABLE %s %s', name, off_sql), '{}', jsonb_build_object('restate', true)
            || CASE WHEN word = 'replica identity' AND relreplident = 'i' THEN jsonb_build_object('needs', (SELECT json_agg(json_build_array('pg_class'::regclass::oid, indexrelid, 0, ''))
                FROM pg_index WHERE indrelid = relation.oid AND indisreplident)) ELSE '{}' END
    FROM relation CROSS JOIN LATERAL (VALUES
        ('row security', relrowsecurity, 'ENABLE ROW LEVEL SECURITY', 'DISABLE ROW LEVEL SECURITY'),
        ('forced row security', relforcerowsecurity, 'FORCE ROW LEVEL SECURITY', 'NO FORCE ROW LEVEL SECURITY'),
        ('replica identity', relreplident <> 'd', 'REPLICA IDENTITY ' || CASE relreplident WHEN 'f' THEN 'FULL' WHEN 'n' THEN 'NOTHING' ELSE
            'USING INDEX ' || (SELECT quote_ident(i.relname) FROM pg_index JOIN pg_class i ON i.oid = indexrelid WHERE indrelid = relation.oid AND indisreplident) END,
            'REPLICA IDENTITY DEFAULT')) AS flag(word, is_on, on_sql, off_sql)
    WHERE kind = 'table' AND is_on
    UNION ALL
    SELECT 'pg_class'::regclass, r.oid, 0, 'attach', 'table attach', r.name, json_build_array('pg_class'::regclass::oid, r.oid, 0, ''),
        format('ALTER TABLE ONLY %s ATTACH PARTITION %s %s', inhparent::regclass, r.name, pg_get_expr(r.relpartbound, r.oid)),
        format('ALTER TABLE %s DETACH PARTITION %s', inhparent::regclass, r.name), '{}',
        jsonb_build_object('needs', json_build_array(json_build_array('pg_class'::regclass::oid, inhparent, 0, '')), 'above', inhparent::regclass::text,
            'bounds', pg_get_partition_constraintdef(r.oid))
    FROM relation r JOIN pg_inherits ON inhrelid = r.oid WHERE r.relispartition
    UNION ALL
    SELECT 'pg_class'::regclass, r.oid, 0, 'inherit ' || inhparent, 'inherit', r.name || ' ' || inhparent::regclass, json_build_array('pg_class'::regclass::oid, r.oid, 0, ''),
        format('ALTER TABLE %s INHERIT %s', r.name, inhparent::regclass), format('ALTER TABLE %s NO INHERIT %s', r.name, inhparent::regclass), '{}',
        jsonb_build_object('order', inhseqno, 'above', inhparent::regclass::text, 'needs', json_build_array(json_build_array('pg_class'::regclass::oid, inhparent, 0, '')))
    FROM relation r JOIN pg_inherits ON inhrelid = r.oid WHERE NOT r.relispartition
    UNION ALL
    SELECT 'pg_class'::regclass, r.oid, 0, '', 'sequence', r.name, json_build_array('pg_namespace'::regclass::oid, relnamespace, 0, ''),
        concat('CREATE ', CASE relpersistence WHEN 'u' THEN 'UNLOGGED ' END, 'SEQUENCE ', r.name, ' AS ' || nullif(s.type, 'bigint'), ' ' || nullif(short, '')),
        'DROP SEQUENCE ' || r.name, jsonb_build_object('type', s.type, 'options', options, 'persistence', relpersistence),
        jsonb_build_object('slot', 'relation ' || r.name, 'owner_column', CASE WHEN s.relid IS NOT NULL THEN json_build_array('pg_class'::regclass::oid, s.relid, s.num, '') END,
            'alter', jsonb_build_object('type', as_sql, 'options', as_sql, 'persistence', format('ALTER SEQUENCE %s SET %s', r.name, CASE relpersistence WHEN 'u' THEN 'UNLOGGED' ELSE 'LOGGED' END)))
    FROM relation r JOIN sequence s ON seqrelid = r.oid CROSS JOIN LATERAL (SELECT format('ALTER SEQUENCE %s AS %s %s', r.name, s.type, options) AS as_sql) AS altered WHERE s.deptype IS DISTINCT FROM 'i'
    UNION ALL
    SELECT 'pg_class'::regclass, r.oid, 0, 'owned', 'sequence owned', r.name, json_build_array('pg_class'::regclass::oid, r.oid, 0, ''),
        format('ALTER SEQUENCE %s OWNED BY %s.%s', r.name, relation, column_name), format('ALTER SEQUENCE %s OWNED BY NONE', r.name), '{}',
        jsonb_build_object('restate', true, 'needs', json_build_array(json_build_array('pg_class'::regclass::oid, attrelid, attnum, '')))
    FROM relation r JOIN sequence s ON seqrelid = r.oid JOIN col ON (attrelid, attnum::int) = (s.relid, s.num) WHERE s.deptype = 'a'
    UNION ALL
    SELECT 'pg_class'::regclass, r.oid, 0, '', kind, r.name, json_build_array('pg_namespace'::regclass::oid, relnamespace, 0, ''),
        concat('CREATE ', CASE kind WHEN 'view' THEN 'OR REPLACE ' END, upper(kind), ' ', r.name, CASE WHEN kind = 'view' THEN
                ' WITH (' || (SELECT string_agg(format('%s = %L', option_name, option_value), ', ') FROM pg_options_to_table(reloptions)) || ')' END,
            ' AS', E'\n', rtrim(pg_get_viewdef(r.oid), ';'), CASE kind WHEN 'view' THEN '' ELSE E'\nWITH NO DATA' END),
        format('DROP %s %s', upper(kind), r.name), '{}',
        jsonb_build_object('slot', 'relation ' || r.name, 'populated', relispopulated, 'columns',
            (SELECT json_agg(concat_ws(' ', column_name, type, collate_clause) ORDER BY attnum) FROM col WHERE attrelid = r.oid))
    FROM relation r WHERE kind IN ('view', 'materialized view')
)
SELECT coalesce(json_agg(fact), '[]')::text FROM fact
