INSERT INTO person VALUES (1, 'Özil', 'Bonn'), (2, NULL, NULL);
