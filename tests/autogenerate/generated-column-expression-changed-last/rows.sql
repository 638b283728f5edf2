INSERT INTO person (person_id, first, last) VALUES (1, 'Ann', 'Lee'), (2, NULL, 'Fox');
