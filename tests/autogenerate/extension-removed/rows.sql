INSERT INTO token (name) VALUES ('Ann'), (NULL);
