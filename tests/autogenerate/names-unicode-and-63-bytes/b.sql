CREATE TABLE "Straße" ("größe" bigint PRIMARY KEY, "名前" text DEFAULT '日本', "🎬" text UNIQUE);
CREATE INDEX "Straße_名前_idx" ON "Straße" ("名前") WHERE "名前" <> 'ß';
CREATE TABLE a_table_name_that_is_exactly_sixty_three_bytes_long_as_allowedx (id serial PRIMARY KEY, a_column_name_that_is_exactly_sixty_three_bytes_long_as_allowed text UNIQUE CHECK (a_column_name_that_is_exactly_sixty_three_bytes_long_as_allowed <> ''));
CREATE INDEX ON a_table_name_that_is_exactly_sixty_three_bytes_long_as_allowedx (a_column_name_that_is_exactly_sixty_three_bytes_long_as_allowed, id);
CREATE FUNCTION "Ünï cödé"("Ä" text DEFAULT 'é') RETURNS text LANGUAGE sql AS $ä$ SELECT "Ä" || '$$' $ä$;
