INSERT INTO country VALUES ('CH', 'Switzerland'), ('NZ', 'New Zealand');
INSERT INTO address (street) VALUES ('1 High Street'), ('2 Low Street');
