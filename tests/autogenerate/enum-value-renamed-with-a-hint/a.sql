CREATE TYPE colour AS ENUM ('red', 'grey', 'bleu');
CREATE TABLE car (car_id integer PRIMARY KEY, colour colour DEFAULT 'bleu');
CREATE INDEX car_blue_idx ON car (car_id) WHERE colour = 'bleu';
