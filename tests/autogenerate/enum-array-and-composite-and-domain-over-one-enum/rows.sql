INSERT INTO pupil VALUES (1, 'high', '{low,high}', DEFAULT), (2, NULL, NULL, NULL);
