INSERT INTO film VALUES (1, 'a', 'b');
INSERT INTO "Film" VALUES (1, 'c');
