INSERT INTO "Straße" VALUES (1, 'x');
INSERT INTO a_table_name_that_is_exactly_sixty_three_bytes_long_as_allowedx (a_column_name_that_is_exactly_sixty_three_bytes_long_as_allowed) VALUES ('a'), ('b');
