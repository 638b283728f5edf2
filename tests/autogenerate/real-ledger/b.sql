CREATE TYPE currency AS ENUM ('CHF', 'EUR');
CREATE DOMAIN amount AS numeric(18,4) NOT NULL CONSTRAINT amount_not_zero CHECK (VALUE <> 0);
CREATE TABLE account (
    account_id bigserial PRIMARY KEY,
    name text NOT NULL,
    kind text DEFAULT 'A' CHECK (kind IN ('A', 'L', 'E')),
    parent_id bigint REFERENCES account,
    currency currency DEFAULT 'CHF' NOT NULL,
    CONSTRAINT account_name_key UNIQUE NULLS NOT DISTINCT (parent_id, name)
);
CREATE TABLE posting (
    posting_id bigserial PRIMARY KEY,
    debit bigint NOT NULL REFERENCES account ON DELETE RESTRICT,
    credit bigint NOT NULL REFERENCES account ON DELETE RESTRICT,
    amount amount,
    at timestamptz DEFAULT now() NOT NULL,
    reversed_by bigint UNIQUE REFERENCES posting DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT posting_two_sides CHECK (debit <> credit)
);
CREATE INDEX posting_debit_idx ON posting (debit, at) INCLUDE (amount);
CREATE INDEX posting_credit_idx ON posting (credit, at) INCLUDE (amount);
CREATE VIEW entry AS
    SELECT posting_id, debit AS account_id, amount::numeric AS amount, at FROM posting
    UNION ALL SELECT posting_id, credit, -amount, at FROM posting;
CREATE VIEW balance AS SELECT a.account_id, a.name, coalesce(sum(e.amount), 0) AS balance, a.currency FROM account a LEFT JOIN entry e USING (account_id) GROUP BY a.account_id;
CREATE FUNCTION same_currency() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (SELECT count(DISTINCT currency) FROM public.account WHERE account_id IN (NEW.debit, NEW.credit)) > 1 THEN
        RAISE EXCEPTION 'two currencies; posting %', NEW.posting_id USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END
$$;
CREATE CONSTRAINT TRIGGER posting_currency AFTER INSERT OR UPDATE ON posting DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION same_currency();
REVOKE UPDATE, DELETE ON posting FROM PUBLIC;
GRANT SELECT ON balance, entry TO pair_reader;
