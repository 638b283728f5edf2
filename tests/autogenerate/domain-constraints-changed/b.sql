CREATE DOMAIN email AS text DEFAULT 'none@example.org' CONSTRAINT email_at CHECK (VALUE ~ '^[^@]+@[^@]+$') CONSTRAINT email_lower CHECK (VALUE = lower(VALUE));
CREATE DOMAIN quantity AS integer CHECK (VALUE >= 0);
CREATE TABLE person (person_id integer PRIMARY KEY, email email, many quantity);
COMMENT ON DOMAIN email IS 'An address';
COMMENT ON CONSTRAINT email_lower ON DOMAIN email IS 'Since logins ignore case';
