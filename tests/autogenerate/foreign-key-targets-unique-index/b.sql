CREATE TABLE currency (currency_id integer PRIMARY KEY, code text NOT NULL);
CREATE UNIQUE INDEX currency_code_idx ON currency (code) WITH (fillfactor = 70);
CREATE TABLE price (price_id integer PRIMARY KEY, code text REFERENCES currency (code));
