INSERT INTO customer (email) VALUES ('a@example.org'), (NULL);
