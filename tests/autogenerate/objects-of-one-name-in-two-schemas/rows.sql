INSERT INTO one.t VALUES (1, 'a', 5);
INSERT INTO two.t VALUES (1, 'x', 1);
