CREATE TABLE film (id integer PRIMARY KEY, "Title" text, title text);
CREATE TABLE "Film" (id integer PRIMARY KEY, title text);
