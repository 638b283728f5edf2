CREATE TABLE t (
    id integer PRIMARY KEY, n integer, s text, a integer[], j jsonb, d date, e timestamptz,
    CONSTRAINT c1 CHECK (n BETWEEN 1 AND 10 OR n IS NULL),
    CONSTRAINT c2 CHECK (s = ANY (ARRAY['a', 'b', 'c']) AND s NOT SIMILAR TO 'x%' AND s !~ E'^\\d; --'),
    CONSTRAINT c3 CHECK (a <@ ARRAY[1, 2, 3] AND 0 < ALL (a) AND cardinality(a) <= 3),
    CONSTRAINT c4 CHECK (jsonb_typeof(j -> 'key') IS DISTINCT FROM 'array' AND (j #>> '{a,b}') IS NULL),
    CONSTRAINT c5 CHECK (CASE WHEN e IS NULL THEN true ELSE (d AT TIME ZONE 'UTC') < (e AT TIME ZONE 'UTC') END),
    CONSTRAINT c6 CHECK ((n, id) < (100, 100) AND coalesce(n, id) IS NOT NULL AND num_nonnulls(n, s) > 0),
    CONSTRAINT c7 CHECK (EXTRACT(year FROM d) > 1900 AND d + interval '1 day' > '1901-01-01'::timestamp)
);
