CREATE TABLE address (address_id integer PRIMARY KEY, city text, zip text, country text);
CREATE STATISTICS address_city (dependencies, ndistinct) ON city, zip, country FROM address;
ALTER STATISTICS address_city SET STATISTICS 1000;
CREATE STATISTICS address_lower ON lower(city), zip FROM address;
COMMENT ON STATISTICS address_lower IS 'For the search';
