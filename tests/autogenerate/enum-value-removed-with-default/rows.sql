INSERT INTO ticket VALUES (1, 'open', '{draft,open}'), (2, DEFAULT, DEFAULT);
