CREATE TABLE token (token_id uuid DEFAULT gen_random_uuid() PRIMARY KEY, name text, secret text DEFAULT md5(random()::text));
CREATE INDEX token_sound_idx ON token (upper(name));
