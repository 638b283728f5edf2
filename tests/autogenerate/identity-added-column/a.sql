CREATE TABLE film (title text NOT NULL);
