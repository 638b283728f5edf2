INSERT INTO sale VALUES ('no', 1), ('de', 2);
