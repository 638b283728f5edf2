CREATE SCHEMA "My Schema";
CREATE TYPE "My Schema"."Order Status" AS ENUM ('New', 'it''s', 'a\b', '', '"Quoted"; --');
CREATE TABLE "My Schema"."Order" ("user" bigint CONSTRAINT "Order PK" PRIMARY KEY, "select" text DEFAULT 'x' NOT NULL, "a.b" varchar(9), "Group" "My Schema"."Order Status" DEFAULT 'it''s', "it's ""new""" integer, "back\slash" integer,
    CONSTRAINT "Check ""it""" CHECK ("back\slash" > "it's ""new"""));
CREATE INDEX "Order.select idx" ON "My Schema"."Order" ("select" DESC, "a.b");
CREATE VIEW "My Schema"."table" AS SELECT "user" AS "from", "a.b" AS "where" FROM "My Schema"."Order";
COMMENT ON COLUMN "My Schema"."Order"."a.b" IS 'Dotted';
COMMENT ON COLUMN "My Schema"."table"."where" IS 'Reserved';
GRANT SELECT ("back\slash", "it's ""new""") ON "My Schema"."Order" TO pair_reader;
