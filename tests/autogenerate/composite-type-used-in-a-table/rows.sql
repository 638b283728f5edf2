INSERT INTO product VALUES (1, '(5,EUR)', '{"(4,EUR)"}'), (2, NULL, NULL);
