CREATE TABLE payment (payment_id integer NOT NULL, paid_at date NOT NULL, amount numeric, PRIMARY KEY (payment_id, paid_at)) PARTITION BY RANGE (paid_at);
CREATE INDEX payment_amount_idx ON payment (amount);
CREATE TABLE payment_2023 PARTITION OF payment FOR VALUES FROM ('2023-01-01') TO ('2024-01-01');
CREATE TABLE payment_2024 PARTITION OF payment FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
