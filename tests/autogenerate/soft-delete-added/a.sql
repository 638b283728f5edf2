CREATE TABLE account (account_id serial PRIMARY KEY, email varchar(100) NOT NULL, CONSTRAINT account_email_key UNIQUE (email));
CREATE TABLE post (post_id serial PRIMARY KEY, account_id integer NOT NULL REFERENCES account ON DELETE CASCADE, body text);
CREATE VIEW post_count AS SELECT account_id, count(*) AS posts FROM post GROUP BY account_id;
