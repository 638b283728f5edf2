INSERT INTO doc (title, body) VALUES ('Alien', 'In space'), ('Brazil', NULL);
