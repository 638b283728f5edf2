INSERT INTO dog (name) VALUES ('Rex');
INSERT INTO cat (name) VALUES ('Tom');
