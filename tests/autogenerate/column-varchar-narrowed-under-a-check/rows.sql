INSERT INTO product VALUES ('A-1', 'Bolt', 1.5), ('A-2', 'Nut', 0.25);
