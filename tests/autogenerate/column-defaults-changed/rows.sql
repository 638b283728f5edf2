INSERT INTO ticket (ticket_id) VALUES (1), (2);
