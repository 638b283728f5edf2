INSERT INTO shirt VALUES (1, 'large'), (2, 'small');
INSERT INTO hat VALUES (1, '{small,large}');
