CREATE EXTENSION fuzzystrmatch;
CREATE EXTENSION pgcrypto;
CREATE TABLE token (token_id uuid DEFAULT gen_random_uuid() PRIMARY KEY, name text, secret text DEFAULT encode(gen_random_bytes(8), 'hex'));
CREATE INDEX token_sound_idx ON token (soundex(name));
CREATE VIEW sound AS SELECT token_id, metaphone(name, 4) AS sound FROM token;
