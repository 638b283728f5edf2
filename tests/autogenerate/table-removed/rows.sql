INSERT INTO staff (name) VALUES ('Mike'), ('Jon');
INSERT INTO badge (staff_id) VALUES (1), (2);
