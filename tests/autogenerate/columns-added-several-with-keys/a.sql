CREATE TABLE country (code char(2) PRIMARY KEY, name text NOT NULL);
CREATE TABLE address (address_id bigserial PRIMARY KEY, street text NOT NULL);
