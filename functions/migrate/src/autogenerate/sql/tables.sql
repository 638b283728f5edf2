-- What stands on tables, as facts (see facts.rs): constraints, indexes, triggers, rules, policies and statistics; and event triggers.
WITH
relation AS (
    SELECT c.*, c.oid::regclass::text AS name, json_build_array('pg_class'::regclass::oid, c.oid, 0, '') AS place,
        CASE relkind WHEN 'v' THEN 'VIEW' WHEN 'm' THEN 'MATERIALIZED VIEW' WHEN 'f' THEN 'FOREIGN TABLE' ELSE 'TABLE' END AS word
    FROM pg_class c WHERE oid >= 16384 AND relkind IN ('r', 'p', 'v', 'm', 'f') AND relpersistence <> 't' AND relnamespace::regnamespace::text NOT IN ('pg_toast', 'migrate')
),
constraint_index AS (
    SELECT objid AS indexrelid, refobjid AS oid FROM pg_depend WHERE (classid, refclassid, deptype) = ('pg_class'::regclass, 'pg_constraint'::regclass, 'i')
),
firing(state, words) AS (VALUES ('D', 'DISABLE'), ('R', 'ENABLE REPLICA'), ('A', 'ENABLE ALWAYS')),
fact(class, object, sub, aspect, kind, name, parent, sql, drop, attributes, extra) AS (
    SELECT 'pg_constraint'::regclass::oid, c.oid, 0, '', CASE contype WHEN 'f' THEN 'foreign key' WHEN 'c' THEN 'check' ELSE 'key' END, format('%s.%I', r.name, conname), r.place,
        format('ALTER %s %s%s ADD CONSTRAINT %I %s', word, CASE WHEN contype IN ('p', 'u', 'x') THEN 'ONLY ' END, r.name, conname, definition),
        format('ALTER %s %s DROP CONSTRAINT %I', word, r.name, conname),
        jsonb_build_object('valid', convalidated, 'bare', regexp_replace(definition, '( DEFERRABLE)?( INITIALLY DEFERRED)?( NOT VALID)?$', ''), 'deferral', deferral),
        jsonb_build_object('inline', format('CONSTRAINT %I %s', conname, definition), 'silent', NOT conislocal AND NOT relispartition, 'constraint', quote_ident(conname),
            'alter', jsonb_build_object('valid', CASE WHEN convalidated THEN format('ALTER TABLE %s VALIDATE CONSTRAINT %I', r.name, conname) END,
                'deferral', CASE contype WHEN 'f' THEN format('ALTER TABLE %s ALTER CONSTRAINT %I %s', r.name, conname, coalesce(deferral, 'NOT DEFERRABLE')) END),
            'inherited', (SELECT json_agg(json_build_array('pg_constraint'::regclass::oid, p.oid, 0, '')) FROM pg_inherits JOIN pg_constraint p ON p.conrelid = inhparent AND p.conname = c.conname
                WHERE inhrelid = r.oid AND c.coninhcount > 0 AND c.contype = 'c'),
            'index_sql', CASE WHEN contype IN ('p', 'u') THEN pg_get_indexdef(c.indexrelid) END,
            'slot', CASE WHEN contype IN ('p', 'u', 'x') THEN 'relation ' || c.indexrelid::regclass END,
            'needs', CASE WHEN contype = 'f' THEN (SELECT json_agg(json_build_array('pg_class'::regclass::oid, inhrelid, 0, 'attach')) FROM pg_inherits WHERE inhparent IN (conrelid, confrelid)) END,
            'to', CASE WHEN contype = 'f' AND confrelid <> conrelid THEN json_build_array('pg_class'::regclass::oid, confrelid, 0, '') END)
    FROM (
        -- PostgreSQL leaves out the storage options of a key.
        SELECT c.*, x.indexrelid, CASE WHEN contype IN ('p', 'u') AND i.reloptions IS NOT NULL
            THEN regexp_replace(pg_get_constraintdef(c.oid), '((?: DEFERRABLE)?(?: INITIALLY DEFERRED)?)$', format(' WITH (%s)\1', array_to_string(i.reloptions, ', ')))
            ELSE pg_get_constraintdef(c.oid) END AS definition
        FROM (SELECT *, CASE WHEN condeferred THEN 'DEFERRABLE INITIALLY DEFERRED' WHEN condeferrable THEN 'DEFERRABLE INITIALLY IMMEDIATE' END AS deferral FROM pg_constraint) c
            LEFT JOIN constraint_index x USING (oid) LEFT JOIN pg_class i ON i.oid = x.indexrelid
    ) c JOIN relation r ON r.oid = conrelid WHERE contype IN ('c', 'f', 'p', 'u', 'x') AND (conparentid = 0 OR contype <> 'f')
    UNION ALL
    SELECT 'pg_class'::regclass, i.oid, 0, '', 'index', i.oid::regclass::text, r.place, regexp_replace(pg_get_indexdef(i.oid), '^(CREATE (UNIQUE )?INDEX \S+|CREATE (UNIQUE )?INDEX "([^"]|"")+") ON ONLY ', '\1 ON ONLY '),
        'DROP INDEX ' || i.oid::regclass, '{}', jsonb_build_object('slot', 'relation ' || i.oid::regclass, 'partitioned', i.relkind = 'I', 'index', quote_ident(i.relname), 'unique', indisunique)
    FROM pg_index x JOIN pg_class i ON i.oid = indexrelid JOIN relation r ON r.oid = indrelid WHERE NOT EXISTS (SELECT FROM constraint_index c WHERE c.indexrelid = i.oid)
    UNION ALL
    SELECT 'pg_class'::regclass, i.oid, 0, 'attach', 'index attach', i.oid::regclass::text,
        coalesce((SELECT json_build_array('pg_constraint'::regclass::oid, c.oid, 0, '') FROM constraint_index c WHERE c.indexrelid = i.oid), json_build_array('pg_class'::regclass::oid, i.oid, 0, '')),
        format('ALTER INDEX %s ATTACH PARTITION %s', inhparent::regclass, i.oid::regclass), '', '{}',
        jsonb_build_object('above', inhparent::regclass::text, 'table', json_build_array('pg_class'::regclass::oid, indrelid, 0, 'attach'),
            'needs', json_build_array(json_build_array('pg_class'::regclass::oid, inhparent, 0, ''), json_build_array('pg_class'::regclass::oid, indrelid, 0, 'attach')))
    FROM pg_index x JOIN pg_class i ON i.oid = indexrelid JOIN relation r ON r.oid = indrelid JOIN pg_inherits ON inhrelid = i.oid
    UNION ALL
    SELECT 'pg_class'::regclass, indrelid, 0, 'cluster', 'cluster', r.name, r.place, format('ALTER TABLE %s CLUSTER ON %I', r.name, i.relname), format('ALTER TABLE %s SET WITHOUT CLUSTER', r.name), '{}',
        jsonb_build_object('restate', true, 'needs', json_build_array(json_build_array('pg_class'::regclass::oid, i.oid, 0, '')))
    FROM pg_index x JOIN pg_class i ON i.oid = indexrelid JOIN relation r ON r.oid = indrelid WHERE indisclustered
    UNION ALL
    SELECT 'pg_class'::regclass, i.oid, attnum, 'statistics', 'index statistics', format('%s.%s', i.oid::regclass, attnum), json_build_array('pg_class'::regclass::oid, i.oid, 0, ''),
        format('ALTER INDEX %s ALTER COLUMN %s SET STATISTICS %s', i.oid::regclass, attnum, attstattarget), format('ALTER INDEX %s ALTER COLUMN %s SET STATISTICS -1', i.oid::regclass, attnum), '{}', '{"restate": true}'
    FROM pg_index x JOIN pg_class i ON i.oid = indexrelid JOIN relation r ON r.oid = indrelid JOIN pg_attribute a ON attrelid = i.oid WHERE attstattarget >= 0
    UNION ALL
    SELECT 'pg_statistic_ext'::regclass, s.oid, 0, '', 'statistics', format('%s.%I', stxnamespace::regnamespace, stxname), r.place, pg_get_statisticsobjdef(s.oid),
        format('DROP STATISTICS %s.%I', stxnamespace::regnamespace, stxname), '{}', '{}' FROM pg_statistic_ext s JOIN relation r ON r.oid = stxrelid
    UNION ALL
    SELECT 'pg_statistic_ext'::regclass, s.oid, 0, 'target', 'statistics target', format('%s.%I', stxnamespace::regnamespace, stxname), json_build_array('pg_statistic_ext'::regclass::oid, s.oid, 0, ''),
        format('ALTER STATISTICS %s.%I SET STATISTICS %s', stxnamespace::regnamespace, stxname, stxstattarget),
        format('ALTER STATISTICS %s.%I SET STATISTICS -1', stxnamespace::regnamespace, stxname), '{}', '{"restate": true}' FROM pg_statistic_ext s JOIN relation r ON r.oid = stxrelid WHERE stxstattarget >= 0
    UNION ALL
    SELECT 'pg_trigger'::regclass, t.oid, 0, '', 'trigger', format('%s.%I', r.name, tgname), r.place, pg_get_triggerdef(t.oid), format('DROP TRIGGER %I ON %s', tgname, r.name), '{}',
        jsonb_build_object('needs', (SELECT json_agg(json_build_array('pg_class'::regclass::oid, inhrelid, 0, 'attach')) FROM pg_inherits WHERE inhparent = r.oid))
    FROM pg_trigger t JOIN relation r ON r.oid = tgrelid WHERE NOT tgisinternal AND tgparentid = 0
    UNION ALL
    SELECT 'pg_trigger'::regclass, t.oid, 0, 'state', 'trigger state', format('%s.%I', r.name, tgname), CASE WHEN tgparentid = 0 THEN json_build_array('pg_trigger'::regclass::oid, t.oid, 0, '') ELSE r.place END,
        format('ALTER %s %s %s TRIGGER %I', word, r.name, words, tgname), format('ALTER %s %s %s TRIGGER %I', word, r.name, coalesce((SELECT words FROM firing WHERE state = p.tgenabled), 'ENABLE'), tgname), '{}',
        jsonb_build_object('restate', true, 'needs', json_build_array(json_build_array('pg_trigger'::regclass::oid, tgparentid, 0, ''), json_build_array('pg_trigger'::regclass::oid, tgparentid, 0, 'state')))
    FROM pg_trigger t JOIN relation r ON r.oid = tgrelid LEFT JOIN LATERAL (SELECT tgenabled FROM pg_trigger p WHERE p.oid = t.tgparentid) p ON true
        JOIN LATERAL (SELECT words FROM firing WHERE state = t.tgenabled UNION ALL SELECT 'ENABLE' WHERE t.tgenabled = 'O') f ON true
    WHERE NOT tgisinternal AND t.tgenabled <> coalesce(p.tgenabled, 'O')
    UNION ALL
    SELECT 'pg_rewrite'::regclass, w.oid, 0, '', 'rule', format('%s.%I', r.name, rulename), r.place, rtrim(pg_get_ruledef(w.oid), ';'), format('DROP RULE %I ON %s', rulename, r.name), '{}', '{}'
    FROM pg_rewrite w JOIN relation r ON r.oid = ev_class WHERE rulename <> '_RETURN'
    UNION ALL
    SELECT 'pg_rewrite'::regclass, w.oid, 0, 'state', 'rule state', format('%s.%I', r.name, rulename), json_build_array('pg_rewrite'::regclass::oid, w.oid, 0, ''),
        format('ALTER %s %s %s RULE %I', word, r.name, words, rulename), format('ALTER %s %s ENABLE RULE %I', word, r.name, rulename), '{}', '{"restate": true}'
    FROM pg_rewrite w JOIN relation r ON r.oid = ev_class JOIN firing ON state = ev_enabled WHERE rulename <> '_RETURN'
    UNION ALL
    SELECT 'pg_policy'::regclass, p.oid, 0, '', 'policy', format('%s.%I', r.name, polname), r.place, concat_ws(' ', format('CREATE POLICY %I ON %s', polname, r.name), kind, roles, using_sql, check_sql),
        format('DROP POLICY %I ON %s', polname, r.name), jsonb_build_object('kind', kind, 'roles', roles, 'using', using_sql, 'check', check_sql),
        jsonb_build_object('alter', jsonb_build_object('roles', alter_sql, 'using', CASE WHEN using_sql IS NOT NULL THEN alter_sql END, 'check', CASE WHEN check_sql IS NOT NULL THEN alter_sql END))
    FROM pg_policy p JOIN relation r ON r.oid = polrelid CROSS JOIN LATERAL (SELECT
        concat_ws(' ', CASE WHEN NOT polpermissive THEN 'AS RESTRICTIVE' END, CASE polcmd WHEN 'r' THEN 'FOR SELECT' WHEN 'a' THEN 'FOR INSERT' WHEN 'w' THEN 'FOR UPDATE' WHEN 'd' THEN 'FOR DELETE' ELSE 'FOR ALL' END) AS kind,
        'TO ' || (SELECT string_agg(CASE role WHEN 0 THEN 'PUBLIC' ELSE role::regrole::text END, ', ') FROM unnest(polroles) role) AS roles,
        'USING (' || pg_get_expr(polqual, polrelid) || ')' AS using_sql, 'WITH CHECK (' || pg_get_expr(polwithcheck, polrelid) || ')' AS check_sql) AS parts
        CROSS JOIN LATERAL (SELECT concat_ws(' ', format('ALTER POLICY %I ON %s', polname, r.name), roles, using_sql, check_sql) AS alter_sql) AS altered
    UNION ALL
    SELECT 'pg_event_trigger'::regclass, oid, 0, '', 'event trigger', quote_ident(evtname), NULL, format('CREATE EVENT TRIGGER %I ON %s%s EXECUTE FUNCTION %s()', evtname, evtevent,
            ' WHEN TAG IN (' || (SELECT string_agg(quote_literal(tag), ', ') FROM unnest(evttags) tag) || ')', evtfoid::regproc), format('DROP EVENT TRIGGER %I', evtname), '{}', '{}'
    FROM pg_event_trigger WHERE oid >= 16384
    UNION ALL
    SELECT 'pg_event_trigger'::regclass, oid, 0, 'state', 'event trigger state', quote_ident(evtname), json_build_array('pg_event_trigger'::regclass::oid, oid, 0, ''),
        format('ALTER EVENT TRIGGER %I %s', evtname, words), format('ALTER EVENT TRIGGER %I ENABLE', evtname), '{}', '{"restate": true}'
    FROM pg_event_trigger JOIN firing ON state = evtenabled WHERE oid >= 16384
)
SELECT coalesce(json_agg(fact), '[]')::text FROM fact
