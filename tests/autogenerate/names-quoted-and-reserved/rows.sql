INSERT INTO "My Schema"."Order" VALUES (1, 'a', 'b', 'New'), (2, 'c', NULL, 'a\b');
