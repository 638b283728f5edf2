INSERT INTO cache VALUES ('a', '\x00ff'), ('b', NULL);
INSERT INTO session VALUES ('s', '{}');
