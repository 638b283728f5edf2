CREATE SCHEMA "My Schema";
CREATE TYPE "My Schema"."Order Status" AS ENUM ('New', 'it''s', 'a\b', '');
CREATE TABLE "My Schema"."Order" ("user" integer CONSTRAINT "Order PK" PRIMARY KEY, "select" text, "a.b" text, "Group" "My Schema"."Order Status" DEFAULT 'New');
CREATE INDEX "Order.select idx" ON "My Schema"."Order" ("select", "a.b");
