CREATE TABLE token (token_id uuid DEFAULT gen_random_uuid() PRIMARY KEY, secret text DEFAULT md5(random()::text));
