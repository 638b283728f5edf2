CREATE TABLE sale (region text NOT NULL, amount numeric) PARTITION BY LIST (region);
CREATE TABLE sale_north PARTITION OF sale FOR VALUES IN ('no', 'se');
CREATE TABLE sale_rest PARTITION OF sale DEFAULT;
