CREATE TABLE payment (payment_id bigint PRIMARY KEY, amount_cents bigint NOT NULL, note text);
CREATE VIEW large_payment AS SELECT payment_id, amount_cents FROM payment WHERE amount_cents > 10000;
CREATE VIEW large_payment_count AS SELECT count(*) AS n, sum(amount_cents) AS total FROM large_payment;
COMMENT ON VIEW large_payment IS 'Over 100.00';
GRANT SELECT ON large_payment TO pair_reader;
