CREATE TABLE country (code char(2) PRIMARY KEY, name text NOT NULL, iso3 char(3), CONSTRAINT country_iso3_key UNIQUE (iso3));
CREATE TABLE address (
    address_id bigserial PRIMARY KEY,
    street text NOT NULL,
    country_code char(2),
    parent_id bigint,
    postal_code varchar(10),
    CONSTRAINT address_country_fk FOREIGN KEY (country_code) REFERENCES country (code) ON UPDATE CASCADE,
    CONSTRAINT address_parent_fk FOREIGN KEY (parent_id) REFERENCES address (address_id) ON DELETE SET NULL,
    CONSTRAINT address_postal_code_check CHECK (postal_code ~ '^[0-9A-Z -]+$')
);
CREATE INDEX address_country_idx ON address (country_code, postal_code);
