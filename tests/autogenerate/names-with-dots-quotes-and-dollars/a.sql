CREATE SCHEMA "My.Schema";
CREATE TYPE "My.Schema"."St.atus" AS ENUM ('a.b', 'it''s', '$x');
CREATE TABLE "My.Schema"."Or""der.s" ("I.d" int PRIMARY KEY, "a$b" "My.Schema"."St.atus" DEFAULT 'it''s', "DROP COLUMN x" text);
CREATE INDEX "I ON.x" ON "My.Schema"."Or""der.s" ("a$b");
