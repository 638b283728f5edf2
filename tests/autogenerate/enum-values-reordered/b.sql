CREATE TYPE size AS ENUM ('small', 'medium', 'large');
CREATE TABLE shirt (shirt_id integer PRIMARY KEY, size size, UNIQUE (size, shirt_id));
CREATE TABLE hat (hat_id integer PRIMARY KEY, sizes size[]);
