INSERT INTO place VALUES ('CH', 'BRN', 'Bern');
INSERT INTO trip VALUES (1, 'BRN', 'CH'), (2, NULL, NULL);
