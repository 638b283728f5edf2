INSERT INTO customer VALUES (1, 'Mary', 'Smith', 'm@example.org'), (2, 'Pat', 'Jones', 'p@example.org');
