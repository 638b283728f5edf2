CREATE TYPE colour AS ENUM ('red', 'grey', 'blue');
CREATE TABLE car (car_id integer PRIMARY KEY, colour colour DEFAULT 'blue');
CREATE INDEX car_blue_idx ON car (car_id) WHERE colour = 'blue';
