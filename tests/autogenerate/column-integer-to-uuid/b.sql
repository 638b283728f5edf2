CREATE TABLE person (name text NOT NULL, person_id uuid DEFAULT gen_random_uuid() PRIMARY KEY);
