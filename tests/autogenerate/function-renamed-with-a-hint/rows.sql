INSERT INTO film (film_id, title) VALUES (1, 'Alien'), (2, NULL);
