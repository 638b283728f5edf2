INSERT INTO person VALUES (1, 'Ann', 'Lee', '{"city": "Bern"}'), (2, NULL, NULL, NULL);
