CREATE TABLE store (region integer, number integer, code text NOT NULL UNIQUE, PRIMARY KEY (region, number));
CREATE TABLE staff (staff_id integer PRIMARY KEY, region integer, number integer, code text,
    CONSTRAINT staff_store_fk FOREIGN KEY (code) REFERENCES store (code) ON DELETE SET DEFAULT,
    CONSTRAINT staff_place_fk FOREIGN KEY (region, number) REFERENCES store (region, number) ON DELETE SET NULL (number));
