CREATE TABLE existing (id integer PRIMARY KEY, zebra_id integer);
CREATE TABLE alpha (id integer PRIMARY KEY, zebra_id integer NOT NULL, existing_id integer REFERENCES existing);
CREATE TABLE zebra (id integer PRIMARY KEY, alpha_id integer NOT NULL REFERENCES alpha DEFERRABLE INITIALLY DEFERRED, next_id integer REFERENCES zebra);
ALTER TABLE alpha ADD CONSTRAINT alpha_zebra_fk FOREIGN KEY (zebra_id) REFERENCES zebra DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE existing ADD CONSTRAINT existing_zebra_fk FOREIGN KEY (zebra_id) REFERENCES zebra;
