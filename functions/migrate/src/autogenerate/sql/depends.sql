-- What needs what. `edges`: what PostgreSQL knows of objects of this database. `homes`: the object whose part another one is. `members`: of extensions.
WITH
home(class, object, sub, to_class, to_object, to_sub) AS (
    SELECT 'pg_rewrite'::regclass::oid, oid, 0, 'pg_class'::regclass::oid, ev_class, 0 FROM pg_rewrite WHERE rulename = '_RETURN'
    UNION ALL SELECT 'pg_type'::regclass, t.oid, 0, 'pg_class'::regclass, r.oid, 0 FROM pg_type t JOIN pg_class r ON r.oid = t.typrelid WHERE relkind <> 'c'
    UNION ALL SELECT 'pg_type'::regclass, t.typarray, 0, 'pg_type'::regclass, t.oid, 0 FROM pg_type t WHERE typarray <> 0
    UNION ALL SELECT 'pg_type'::regclass, rngmultitypid, 0, 'pg_type'::regclass, rngtypid, 0 FROM pg_range
    UNION ALL SELECT 'pg_class'::regclass, oid, 0, 'pg_type'::regclass, reltype, 0 FROM pg_class WHERE relkind = 'c'
    UNION ALL SELECT 'pg_class'::regclass, seqrelid, 0, refclassid, refobjid, refobjsubid FROM pg_sequence JOIN pg_depend ON classid = 'pg_class'::regclass AND objid = seqrelid AND deptype = 'i'
    UNION ALL SELECT classid, objid, 0, refclassid, refobjid, 0 FROM pg_depend WHERE classid = 'pg_class'::regclass AND refclassid = 'pg_constraint'::regclass AND deptype = 'i'
    UNION ALL SELECT 'pg_constraint'::regclass, oid, 0, 'pg_constraint'::regclass, conparentid, 0 FROM pg_constraint WHERE conparentid <> 0 AND contype = 'f'
    UNION ALL SELECT 'pg_trigger'::regclass, oid, 0, 'pg_constraint'::regclass, tgconstraint, 0 FROM pg_trigger WHERE tgconstraint <> 0 AND tgisinternal
    UNION ALL SELECT 'pg_trigger'::regclass, oid, 0, 'pg_trigger'::regclass, tgparentid, 0 FROM pg_trigger WHERE tgparentid <> 0
    UNION ALL SELECT 'pg_constraint'::regclass, c.oid, 0, 'pg_trigger'::regclass, t.oid, 0 FROM pg_constraint c JOIN pg_trigger t ON tgconstraint = c.oid WHERE contype = 't'
    UNION ALL SELECT classid, objid, 0, refclassid, refobjid, 0 FROM pg_depend WHERE classid IN ('pg_proc'::regclass, 'pg_cast'::regclass) AND deptype = 'i'
    UNION ALL SELECT 'pg_constraint'::regclass, oid, 0, CASE WHEN conrelid <> 0 THEN 'pg_class' ELSE 'pg_type' END::regclass, CASE WHEN conrelid <> 0 THEN conrelid ELSE contypid END,
        CASE WHEN conrelid <> 0 THEN conkey[1] ELSE 0 END FROM pg_constraint WHERE contype = 'n'
    UNION ALL SELECT 'pg_attrdef'::regclass, d.oid, 0, 'pg_class'::regclass, adrelid, adnum FROM pg_attrdef d JOIN pg_attribute ON (attrelid, attnum) = (adrelid, adnum) WHERE attgenerated <> ''
    UNION ALL SELECT 'pg_default_acl'::regclass, oid, 0, 'pg_namespace'::regclass, defaclnamespace, 0 FROM pg_default_acl
    UNION ALL SELECT 'pg_amop'::regclass, oid, 0, 'pg_opfamily'::regclass, amopfamily, 0 FROM pg_amop
    UNION ALL SELECT 'pg_amproc'::regclass, oid, 0, 'pg_opfamily'::regclass, amprocfamily, 0 FROM pg_amproc
)
SELECT json_build_object(
    'edges', (SELECT coalesce(json_agg(json_build_array(classid, objid, objsubid, refclassid, refobjid, refobjsubid)), '[]') FROM pg_depend
        WHERE deptype IN ('n', 'a', 'i') AND objid >= 16384 AND (refobjid >= 16384 OR refobjid = 'public'::regnamespace)
            AND NOT EXISTS (SELECT FROM pg_inherits WHERE (classid, refclassid, inhrelid, inhparent) = ('pg_class'::regclass, 'pg_class'::regclass, objid, refobjid))
            -- What a partition has from its table comes and goes by itself.
            AND NOT EXISTS (SELECT FROM pg_constraint c WHERE (classid, objid) = ('pg_constraint'::regclass, c.oid) AND contype = 'f' AND conparentid <> 0)
            AND NOT EXISTS (SELECT FROM pg_trigger t WHERE (classid, objid) = ('pg_trigger'::regclass, t.oid) AND (tgisinternal OR tgparentid <> 0))),
    'homes', (SELECT coalesce(json_agg(json_build_array(class, object, sub, to_class, to_object, to_sub)), '[]') FROM home WHERE object >= 16384),
    'members', (SELECT coalesce(json_agg(json_build_array(classid, objid, refclassid, refobjid)), '[]') FROM pg_depend WHERE deptype = 'e' AND objid >= 16384),
    -- Kinds of objects that are not facts.
    'others', (SELECT coalesce(json_agg(json_build_array(class, object, 0)), '[]') FROM (
        SELECT 'pg_cast'::regclass::oid, oid FROM pg_cast UNION ALL SELECT 'pg_operator'::regclass, oid FROM pg_operator
        UNION ALL SELECT 'pg_opclass'::regclass, oid FROM pg_opclass UNION ALL SELECT 'pg_opfamily'::regclass, oid FROM pg_opfamily
        UNION ALL SELECT 'pg_conversion'::regclass, oid FROM pg_conversion UNION ALL SELECT 'pg_ts_config'::regclass, oid FROM pg_ts_config
        UNION ALL SELECT 'pg_ts_dict'::regclass, oid FROM pg_ts_dict UNION ALL SELECT 'pg_ts_parser'::regclass, oid FROM pg_ts_parser
        UNION ALL SELECT 'pg_ts_template'::regclass, oid FROM pg_ts_template UNION ALL SELECT 'pg_language'::regclass, oid FROM pg_language
        UNION ALL SELECT 'pg_foreign_data_wrapper'::regclass, oid FROM pg_foreign_data_wrapper UNION ALL SELECT 'pg_foreign_server'::regclass, oid FROM pg_foreign_server
        UNION ALL SELECT 'pg_user_mapping'::regclass, umid FROM pg_user_mappings UNION ALL SELECT 'pg_publication'::regclass, oid FROM pg_publication
        UNION ALL SELECT 'pg_am'::regclass, oid FROM pg_am UNION ALL SELECT 'pg_transform'::regclass, oid FROM pg_transform
        UNION ALL SELECT 'pg_subscription'::regclass, s.oid FROM pg_subscription s JOIN pg_database d ON d.oid = subdbid WHERE datname = current_database()
    ) AS other(class, object) WHERE object >= 16384),
    'role', quote_ident(current_user))::text
