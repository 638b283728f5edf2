CREATE TYPE region AS ENUM ('north', 'south');
CREATE TABLE sale (region region NOT NULL, sale_id integer NOT NULL, PRIMARY KEY (region, sale_id)) PARTITION BY LIST (region);
CREATE TABLE sale_north PARTITION OF sale FOR VALUES IN ('north');
CREATE TABLE sale_south PARTITION OF sale FOR VALUES IN ('south');
