CREATE TABLE account (account_id integer PRIMARY KEY, active boolean DEFAULT true NOT NULL);
