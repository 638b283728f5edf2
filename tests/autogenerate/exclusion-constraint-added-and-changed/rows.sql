INSERT INTO booking VALUES (1, 1, '[2024-01-01,2024-01-02)'), (2, 1, '[2024-01-02,2024-01-03)');
INSERT INTO shift VALUES (1, '[1,5)'), (2, '[7,9)');
