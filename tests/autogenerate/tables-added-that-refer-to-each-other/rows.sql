INSERT INTO existing VALUES (1), (2);
