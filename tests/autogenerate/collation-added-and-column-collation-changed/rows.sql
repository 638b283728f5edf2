INSERT INTO person VALUES (1, 'Ann', 'Bonn', '53111'), (2, NULL, NULL, NULL);
