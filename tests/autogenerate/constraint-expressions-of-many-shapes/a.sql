CREATE TABLE t (
    id integer PRIMARY KEY, n integer, s text, a integer[], j jsonb, d date, e timestamptz,
    CONSTRAINT c1 CHECK (n > 0),
    CONSTRAINT c2 CHECK (s IN ('a', 'b')),
    CONSTRAINT c3 CHECK (array_length(a, 1) <= 3),
    CONSTRAINT c4 CHECK (j ? 'key'),
    CONSTRAINT c5 CHECK (d < e)
);
