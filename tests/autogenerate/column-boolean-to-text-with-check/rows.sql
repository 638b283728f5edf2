INSERT INTO account VALUES (1, true), (2, false);
