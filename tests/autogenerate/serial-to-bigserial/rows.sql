INSERT INTO event (name) VALUES ('one'), ('two');
INSERT INTO visit (event_id) VALUES (1), (2);
