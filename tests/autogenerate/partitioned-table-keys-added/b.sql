CREATE TABLE customer (customer_id integer PRIMARY KEY);
CREATE TABLE p (id integer NOT NULL, at date NOT NULL, customer_id integer, CONSTRAINT p_pk PRIMARY KEY (id, at), CONSTRAINT p_customer_fk FOREIGN KEY (customer_id) REFERENCES customer ON DELETE CASCADE) PARTITION BY RANGE (at);
CREATE TABLE p_1 PARTITION OF p FOR VALUES FROM ('2023-01-01') TO ('2024-01-01');
CREATE TABLE p_2 PARTITION OF p FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
CREATE TABLE p_note (note_id integer PRIMARY KEY, id integer, at date, FOREIGN KEY (id, at) REFERENCES p);
