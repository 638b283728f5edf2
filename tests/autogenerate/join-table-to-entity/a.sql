CREATE TABLE film (film_id integer PRIMARY KEY);
CREATE TABLE actor (actor_id integer PRIMARY KEY);
CREATE TABLE film_actor (film_id integer REFERENCES film, actor_id integer REFERENCES actor, PRIMARY KEY (film_id, actor_id));
