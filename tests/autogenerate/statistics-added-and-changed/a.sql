CREATE TABLE address (address_id integer PRIMARY KEY, city text, zip text, country text);
CREATE STATISTICS address_city (dependencies) ON city, zip FROM address;
CREATE STATISTICS address_old ON city, country FROM address;
