INSERT INTO account (name) VALUES ('Cash'), ('Sales');
INSERT INTO posting (debit, credit, amount) VALUES (1, 2, 100), (2, 1, 5.5);
