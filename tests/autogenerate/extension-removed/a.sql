CREATE EXTENSION "uuid-ossp";
CREATE EXTENSION pgcrypto;
CREATE TABLE token (token_id uuid DEFAULT uuid_generate_v4() PRIMARY KEY, secret text DEFAULT encode(gen_random_bytes(8), 'hex'));
