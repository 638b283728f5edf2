CREATE TABLE rate (
    rate_id integer PRIMARY KEY,
    amount numeric(5,2) DEFAULT 4.99 NOT NULL,
    factor real,
    code char(3),
    flags bit(4) DEFAULT B'0101',
    span interval DEFAULT '3 days',
    at time(0)
);
