CREATE TABLE store (region integer, number integer, code text NOT NULL UNIQUE, PRIMARY KEY (region, number));
CREATE TABLE staff (staff_id integer PRIMARY KEY, region integer, number integer, code text,
    CONSTRAINT staff_store_fk FOREIGN KEY (region, number) REFERENCES store MATCH FULL);
