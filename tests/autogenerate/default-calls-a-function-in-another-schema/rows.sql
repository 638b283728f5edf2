INSERT INTO link VALUES ('a', 'https://example.org'), ('b', NULL);
