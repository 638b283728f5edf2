CREATE TABLE rate (
    rate_id integer PRIMARY KEY,
    amount numeric(12,4) DEFAULT 4.99 NOT NULL,
    factor double precision,
    code char(5),
    flags bit varying(8) DEFAULT B'0101',
    span interval day to second(3) DEFAULT '3 days',
    at time(3)
);
