CREATE TABLE account (account_id serial PRIMARY KEY, email varchar(100) NOT NULL, deleted_at timestamptz);
CREATE UNIQUE INDEX account_email_key ON account (lower(email::text)) WHERE deleted_at IS NULL;
CREATE TABLE post (post_id serial PRIMARY KEY, account_id integer NOT NULL REFERENCES account ON DELETE RESTRICT, body text, deleted_at timestamptz);
CREATE INDEX post_account_idx ON post (account_id) WHERE deleted_at IS NULL;
CREATE VIEW post_count AS SELECT account_id, count(*) FILTER (WHERE deleted_at IS NULL) AS posts FROM post GROUP BY account_id;
CREATE FUNCTION soft_delete() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE post SET deleted_at = now() WHERE post_id = OLD.post_id;
    RETURN NULL;
END
$$;
CREATE TRIGGER post_soft_delete BEFORE DELETE ON post FOR EACH ROW EXECUTE FUNCTION soft_delete();
