INSERT INTO hotel VALUES (1, 'Bear');
INSERT INTO room VALUES (1, 10, 2), (1, 11, 1);
INSERT INTO booking VALUES (1, 1, 10, '2023-05-01', 2, 'Ann'), (2, 1, 11, '2024-05-01', 1, NULL);
