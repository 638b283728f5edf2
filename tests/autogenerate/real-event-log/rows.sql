INSERT INTO event (kind, payload) VALUES ('created', '{"actor": "ann"}'), ('deleted', '{}');
INSERT INTO subscriber (url, last_event) VALUES ('https://example.org', 2);
