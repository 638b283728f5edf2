INSERT INTO film (title, slug) VALUES ('Alien', 'alien'), ('Brazil', 'brazil');
