CREATE SEQUENCE "Seq" INCREMENT 2;
CREATE TABLE "Table" (id integer DEFAULT nextval('"Seq"'::regclass) PRIMARY KEY);
CREATE FUNCTION "Do It"("Arg One" integer, "table" integer DEFAULT 0) RETURNS integer LANGUAGE sql IMMUTABLE AS $$ SELECT "Arg One" + "table" $$;
CREATE FUNCTION "on Change"() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
CREATE TRIGGER "My.Trigger" BEFORE INSERT OR DELETE ON "Table" FOR EACH ROW EXECUTE FUNCTION "on Change"('a "b" c');
CREATE POLICY "All ""rows""" ON "Table" USING ("Do It"(id) > 0);
COMMENT ON POLICY "All ""rows""" ON "Table" IS 'All';
COMMENT ON TRIGGER "My.Trigger" ON "Table" IS 'Mine';
ALTER SEQUENCE "Seq" OWNED BY "Table".id;
