INSERT INTO film VALUES (1, true), (2, false);
