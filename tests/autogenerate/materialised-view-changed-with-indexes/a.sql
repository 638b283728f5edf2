CREATE TABLE sale (sale_id integer PRIMARY KEY, day date, amount numeric);
CREATE MATERIALIZED VIEW daily AS SELECT day, sum(amount) AS total FROM sale GROUP BY day WITH NO DATA;
CREATE UNIQUE INDEX daily_day_idx ON daily (day);
CREATE VIEW best AS SELECT day FROM daily ORDER BY total DESC LIMIT 3;
COMMENT ON MATERIALIZED VIEW daily IS 'Takings';
