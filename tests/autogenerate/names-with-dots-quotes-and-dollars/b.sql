CREATE SCHEMA "My.Schema";
CREATE TYPE "My.Schema"."St.atus" AS ENUM ('it''s', '$x');
CREATE TABLE "My.Schema"."Or""der.s" ("I.d" bigint PRIMARY KEY, "a$b" "My.Schema"."St.atus" DEFAULT '$x', "DROP COLUMN x" text NOT NULL, "n.ew" int);
CREATE INDEX "I ON.x" ON "My.Schema"."Or""der.s" ("a$b", "n.ew");
COMMENT ON COLUMN "My.Schema"."Or""der.s"."I.d" IS 'a "quoted" $$ comment''s';
