CREATE TABLE t (
    id integer PRIMARY KEY,
    a "char" DEFAULT 'x', b char(3)[] DEFAULT '{abc}', c bit varying, d numeric(6,-2), e numeric(3,5),
    f timestamp(0)[] , g time(3) with time zone DEFAULT '12:00+01', h interval year to month, i interval(2),
    j int4multirange DEFAULT '{[1,3)}', k macaddr8, l pg_lsn, m point DEFAULT '(1,2)', n path, o oid, p regclass DEFAULT 't'::regclass,
    q name COLLATE "C", r tsquery, s money DEFAULT 0, t xml, u jsonpath DEFAULT '$.a[*]', v cidr, w bytea DEFAULT '\x00'::bytea,
    x varchar(10) COLLATE "POSIX" DEFAULT E'a\tb\\', y float4 DEFAULT 'NaN', z double precision DEFAULT '-Infinity',
    "aa" integer[][] DEFAULT '{{1,2},{3,4}}', ac int8 DEFAULT -1, ad date DEFAULT 'infinity', ae bool DEFAULT (1 = 1)
);
