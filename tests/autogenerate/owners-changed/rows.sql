INSERT INTO app.film (title) VALUES ('Alien');
