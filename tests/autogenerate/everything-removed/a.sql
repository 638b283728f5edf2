CREATE SCHEMA app;
CREATE TYPE app.kind AS ENUM ('a', 'b');
CREATE DOMAIN app.kinds AS app.kind[] CHECK (array_length(VALUE, 1) < 3);
CREATE FUNCTION app.first(k app.kinds) RETURNS app.kind LANGUAGE sql IMMUTABLE RETURN k[1];
CREATE TABLE app.t (id serial PRIMARY KEY, kinds app.kinds, first app.kind GENERATED ALWAYS AS (app.first(kinds)) STORED, parent integer REFERENCES app.t);
CREATE INDEX t_first_idx ON app.t (app.first(kinds));
CREATE MATERIALIZED VIEW app.m AS SELECT first, count(*) AS n FROM app.t GROUP BY first;
CREATE FUNCTION app.f(r app.m) RETURNS bigint LANGUAGE sql AS $$ SELECT r.n $$;
CREATE VIEW app.v AS SELECT app.f(m) AS n FROM app.m;
