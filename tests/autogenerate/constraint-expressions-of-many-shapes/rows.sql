INSERT INTO t VALUES (1, 5, 'a', '{1,2}', '{"key": 1}', '2024-01-01', '2024-01-02'), (2, 1, 'b', NULL, NULL, NULL, NULL);
