CREATE TABLE "Straße" ("größe" integer PRIMARY KEY, "名前" text);
CREATE TABLE a_table_name_that_is_exactly_sixty_three_bytes_long_as_allowedx (id serial PRIMARY KEY, a_column_name_that_is_exactly_sixty_three_bytes_long_as_allowed text);
