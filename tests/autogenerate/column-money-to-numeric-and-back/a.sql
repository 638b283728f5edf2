CREATE TABLE bill (bill_id integer PRIMARY KEY, amount money DEFAULT 0, paid real DEFAULT 0.5, at bigint, day text DEFAULT '2024-01-01', length interval, code integer DEFAULT 7);
