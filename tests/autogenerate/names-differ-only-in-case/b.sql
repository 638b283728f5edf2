CREATE TABLE film (id integer PRIMARY KEY, "Title" varchar(80) DEFAULT 'T', title text NOT NULL);
CREATE TABLE "Film" (id integer PRIMARY KEY, title text UNIQUE);
CREATE TABLE "FILM" (id integer PRIMARY KEY REFERENCES "Film");
