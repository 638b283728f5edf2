CREATE TABLE sale (sale_id integer PRIMARY KEY, day date, amount numeric);
CREATE MATERIALIZED VIEW daily WITH (fillfactor = 90) AS SELECT day, sum(amount) AS total, count(*) AS n FROM sale GROUP BY day WITH NO DATA;
CREATE UNIQUE INDEX daily_day_idx ON daily (day) INCLUDE (total);
CREATE INDEX daily_total_idx ON daily (total DESC);
CREATE VIEW best AS SELECT day FROM daily ORDER BY total DESC LIMIT 3;
COMMENT ON MATERIALIZED VIEW daily IS 'Takings';
ALTER MATERIALIZED VIEW daily ALTER COLUMN total SET STATISTICS 200;
ALTER MATERIALIZED VIEW daily CLUSTER ON daily_day_idx;
