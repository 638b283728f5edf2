CREATE TABLE account (account_id serial PRIMARY KEY, name varchar(80) NOT NULL, kind char(1) DEFAULT 'A' CHECK (kind IN ('A', 'L')));
CREATE TABLE posting (
    posting_id serial PRIMARY KEY,
    debit integer NOT NULL REFERENCES account,
    credit integer NOT NULL REFERENCES account,
    amount numeric(10,2) NOT NULL,
    at date DEFAULT CURRENT_DATE
);
CREATE INDEX posting_debit_idx ON posting (debit);
CREATE INDEX posting_credit_idx ON posting (credit);
CREATE VIEW balance AS
    SELECT a.account_id, a.name,
        coalesce((SELECT sum(amount) FROM posting WHERE debit = a.account_id), 0) - coalesce((SELECT sum(amount) FROM posting WHERE credit = a.account_id), 0) AS balance
    FROM account a;
